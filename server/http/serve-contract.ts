import type Router from '@koa/router';
import type { Contract, ContractKey } from '@shared/contract';
import { API_BASE, contract } from '@shared/contract';
import type { RouteDeclaration } from '@shared/contract/route';
import type { Handler, HandlerInput, Handlers, RoutedRequest } from '../contract/handlers';
import { ApiError } from '../lib/api-error';
import type { HttpContext } from './context';
import type { Authenticators } from './guard';
import { authenticate, bearerToken, isAllowed } from './guard';
import { validateRequest } from './validate-request';

export interface ContractOptions {
  handlers: Handlers;
  authenticators: Authenticators;
  /** Called before a request is refused because the caller's role is too low. */
  onForbidden: (request: RoutedRequest) => Promise<void>;
}

/** Sends an answer. Fields that the schema does not name are dropped, so nothing leaks by accident. */
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

/** Serves one route: authenticates, validates, checks the role, and calls the handler. */
function mountRoute(
  router: Router,
  key: ContractKey,
  { handlers, authenticators, onForbidden }: ContractOptions,
): void {
  const route: RouteDeclaration = contract[key];
  const handler = handlers[key] as Handler<ContractKey>;
  const { method, path } = splitKey(key);
  router.register(path, [method], async (koaContext) => {
    const ctx = koaContext as HttpContext;
    ctx.state.route = key;
    const token = bearerToken(ctx);
    const auth = await authenticate(authenticators, route.audience, token);
    const { requestId, language } = ctx.state;
    const request = validateRequest(ctx, route, koaContext.params);
    // The schemas of `contract[key]` produced this input; TypeScript cannot infer that from the key.
    const input = { ...request, requestId, language, ip: ctx.ip, token, auth } as HandlerInput<
      Contract[ContractKey]
    >;
    if (!isAllowed(route, auth)) {
      await onForbidden({ key, input } as RoutedRequest);
      throw new ApiError('staff.forbidden');
    }
    const answer: { status: PropertyKey; body?: unknown } = await handler(input);
    sendAnswer(ctx, route, answer);
  });
}

/** Serves every route of the contract as it is declared. */
export function serveContract(router: Router, options: ContractOptions): void {
  for (const key of Object.keys(contract) as ContractKey[]) mountRoute(router, key, options);
}
