import { Writable } from 'node:stream';
import type { Context, Middleware } from 'koa';
import { koaBody } from 'koa-body';

const LIMIT = 64 * 1024;

/** Discards the content of a file: only its name and type are needed. */
const discardContent = () =>
  new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });

function unreadable(_error: Error, ctx: Context): never {
  ctx.throw(400, 'the form cannot be read');
}

/** Reads a multipart form with one file, whose content is discarded. */
export function fileBody(): Middleware {
  return koaBody({
    json: false,
    text: false,
    urlencoded: false,
    multipart: true,
    formidable: {
      maxFieldsSize: LIMIT,
      maxFileSize: LIMIT,
      fileWriteStreamHandler: discardContent,
    },
    onError: unreadable,
  });
}

/** The fields of a form, and of each file its name, kind and size. */
export function formInput(ctx: Context): Record<string, unknown> {
  const files = Object.entries(ctx.request.files ?? {}).flatMap(([field, given]) => {
    const [file] = [given].flat();
    if (!file) return [];
    const { originalFilename: name, mimetype, size } = file;
    return [[field, { name, mimetype, size }] as const];
  });
  const fields: unknown = ctx.request.body;
  return { ...(typeof fields === 'object' ? fields : {}), ...Object.fromEntries(files) };
}
