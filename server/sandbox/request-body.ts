import { koaBody } from 'koa-body';
import type { Context, Middleware } from 'koa';
import type { z } from 'zod';

const LIMIT = 64 * 1024;

function rejectUnreadable(error: Error, ctx: Context): never {
  const tooLarge = 'status' in error && error.status === 413;
  ctx.throw(tooLarge ? 413 : 400, tooLarge ? 'the body is too large' : 'the body cannot be read');
}

/** Reads a JSON body. */
export function jsonBody(): Middleware {
  return koaBody({
    jsonLimit: LIMIT,
    urlencoded: false,
    text: false,
    onError: rejectUnreadable,
  });
}

/** Reads a form, multipart or url-encoded, without its files. */
export function formBody(): Middleware {
  return koaBody({
    json: false,
    text: false,
    formLimit: LIMIT,
    multipart: true,
    formidable: { filter: () => false, maxFieldsSize: LIMIT, maxFields: 50 },
    onError: rejectUnreadable,
  });
}

/**
 * Checks input against a schema.
 * @throws an HTTP error 400 that names the invalid field
 */
export function validate<Schema extends z.ZodType>(
  ctx: Context,
  schema: Schema,
  input: unknown,
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return ctx.throw(400, `${where}${issue?.message ?? 'not understood'}`);
}

/** Checks the body of a control route. @throws an HTTP error 400, as `validate` */
export function validateBody<Schema extends z.ZodType>(
  ctx: Context,
  schema: Schema,
): z.output<Schema> {
  return validate(ctx, schema, ctx.request.body);
}
