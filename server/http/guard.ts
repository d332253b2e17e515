import type Router from '@koa/router';
import type { Contract, ContractKey } from '@shared/contract';
import { API_BASE, contract } from '@shared/contract';
import type { RouteDeclaration } from '@shared/contract/route';
import type { z } from 'zod';
import type { ServiceAuth, StaffAuth, UserAuth } from '../contract/caller';
import type { Handler, HandlerInput, Handlers } from '../contract/handlers';
import { ApiError } from '../lib/api-error';
import type { HttpContext } from './context';

/** Finds out who calls. Each kind of token is known to its own audience only. */
export interface Authenticators {
  user: (token: string) => Promise<UserAuth | undefined>;
  staff: (token: string) => Promise<StaffAuth | undefined>;
  /** Undefined where no other servers are to call us. */
  service: ((key: string) => ServiceAuth | undefined) | undefined;
}

const BEARER = /^Bearer ([\w-]{20,128})$/;

function bearerToken(ctx: HttpContext): string {
  return BEARER.exec(ctx.get('authorization'))?.[1] ?? '';
}

/** @throws ApiError `session.required`, `internal.key_required`, `internal.disabled` */
async function authenticate(
  authenticators: Authenticators,
  audience: RouteDeclaration['audience'],
  token: string,
) {
  if (audience === 'anyone') return undefined;
  const identify = authenticators[audience];
  if (!identify) throw new ApiError('internal.disabled');
  const auth = token && (await identify(token));
  if (auth) return auth;
  throw new ApiError(audience === 'service' ? 'internal.key_required' : 'session.required');
}

/** No text that means something holds U+0000, and PostgreSQL cannot store one that does. */
function findNul(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return value.includes('\u0000') ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, part] of Object.entries(value)) {
    const found = findNul(part, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @throws ApiError `request.invalid` */
function rejectNul(part: string, data: unknown): unknown {
  const path = findNul(data, part);
  if (path === undefined) return data;
  const errors = [{ path, message: 'U+0000 is not allowed' }];
  throw new ApiError('request.invalid', { errors });
}

function validate(part: string, schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return rejectNul(part, result.data);
  if (part === 'headers') throw new ApiError('idempotency.required');
  const errors = result.error.issues.slice(0, 20).map(({ path, message }) => ({
    path: [part, ...path].join('.'),
    message,
  }));
  throw new ApiError('request.invalid', { errors });
}

function validateBody(ctx: HttpContext, schema: z.ZodType | undefined): unknown {
  if (!schema) return undefined;
  if (!ctx.is('json', '+json')) throw new ApiError('request.unsupported_media_type');
  return validate('body', schema, ctx.request.body);
}

/** What an answer's schema does not name is left out: nothing leaves by accident. */
function sendAnswer(
  ctx: HttpContext,
  route: RouteDeclaration,
  answer: { status: PropertyKey; body?: unknown },
) {
  const schema = route.answers[answer.status as keyof RouteDeclaration['answers']];
  ctx.set('Cache-Control', 'no-store');
  ctx.status = Number(answer.status);
  ctx.body = schema ? schema.parse(answer.body) : null;
}

function splitKey(key: ContractKey): { method: string; path: string } {
  const [method = '', path = ''] = key.split(' ');
  return { method, path: `${API_BASE}${path}` };
}

function mountRoute<Key extends ContractKey>(
  router: Router,
  key: Key,
  handler: Handler<Key>,
  authenticators: Authenticators,
): void {
  const route: RouteDeclaration = contract[key];
  const { method, path } = splitKey(key);
  router.register(path, [method], async (koaContext) => {
    const ctx = koaContext as HttpContext;
    ctx.state.route = key;
    const token = bearerToken(ctx);
    const auth = await authenticate(authenticators, route.audience, token);
    // The schemas of `contract[key]` make these; TypeScript cannot follow that through the key.
    const input = {
      requestId: ctx.state.requestId,
      language: ctx.state.language,
      ip: ctx.ip,
      token,
      auth,
      params: validate('params', route.params, koaContext.params),
      query: validate('query', route.query, ctx.query),
      headers: validate('headers', route.headers, ctx.headers),
      body: validateBody(ctx, route.body),
    } as HandlerInput<Contract[Key]>;
    const answer: { status: PropertyKey; body?: unknown } = await handler(input);
    sendAnswer(ctx, route, answer);
  });
}

/** Puts every route of the contract on the router, guarded by its declaration. */
export function serveContract(
  router: Router,
  handlers: Handlers,
  authenticators: Authenticators,
): void {
  for (const key of Object.keys(handlers) as ContractKey[]) {
    mountRoute(router, key, handlers[key] as Handler<typeof key>, authenticators);
  }
}
