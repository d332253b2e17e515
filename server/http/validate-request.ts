import type { RouteDeclaration } from '@shared/contract/route';
import type { z } from 'zod';
import { ApiError } from '../lib/api-error';
import type { HttpContext } from './context';

const MAX_REPORTED_ERRORS = 20;

/** The path of the first text that contains U+0000, if any. */
function findNul(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return value.includes('\u0000') ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, part] of Object.entries(value)) {
    const found = findNul(part, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** PostgreSQL cannot store U+0000 in a text. @throws ApiError `request.invalid` */
function rejectNul(part: string, data: unknown): unknown {
  const path = findNul(data, part);
  if (path === undefined) return data;
  const errors = [{ path, message: 'U+0000 is not allowed' }];
  throw new ApiError('request.invalid', { errors });
}

/** @throws ApiError `request.invalid` with the path of each error, never with the invalid values */
function validate(part: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return rejectNul(part, result.data);
  const errors = result.error.issues
    .slice(0, MAX_REPORTED_ERRORS)
    .map(({ path, message }) => ({ path: [part, ...path].join('.'), message }));
  throw new ApiError('request.invalid', { errors });
}

/** @throws ApiError the route's `headerError` */
function validateHeaders(ctx: HttpContext, { headers, headerError }: RouteDeclaration): unknown {
  if (headerError && headers && !headers.safeParse(ctx.headers).success) {
    throw new ApiError(headerError);
  }
  return validate('headers', headers, ctx.headers);
}

function validateBody(ctx: HttpContext, { body }: RouteDeclaration): unknown {
  if (!body) return undefined;
  if (!ctx.is('json', '+json')) throw new ApiError('request.unsupported_media_type');
  return validate('body', body, ctx.request.body);
}

/**
 * Validates a request by the declaration of its route.
 * @param params the parameters in the path
 * @throws ApiError `request.invalid`, `request.unsupported_media_type`, the route's `headerError`
 */
export function validateRequest(ctx: HttpContext, route: RouteDeclaration, params: unknown) {
  return {
    params: validate('params', route.params, params),
    query: validate('query', route.query, ctx.query),
    headers: validateHeaders(ctx, route),
    body: validateBody(ctx, route),
  };
}
