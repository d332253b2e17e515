import assert from 'node:assert/strict';
import type { Headers } from 'undici';
import { API_BASE, contract } from '@shared/contract';
import { problem } from '@shared/contract/common';
import { declaredErrors, type RouteDeclaration } from '@shared/contract/route';
import { errorKinds, type ErrorCode } from '@shared/error-codes';

export interface HttpResponse {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined where it is not JSON. */
  body: unknown;
}

/** Error codes that every route can answer with, besides those it declares. */
const commonErrors: readonly ErrorCode[] = [
  'request.malformed',
  'request.invalid',
  'request.too_large',
  'request.unsupported_media_type',
  'request.rate_limited',
  'session.required',
  'store.unavailable',
];

function patternOf(path: string): RegExp {
  return new RegExp(`^${API_BASE}${path.replace(/:\w+/g, '[^/]+')}$`);
}

const routes = Object.entries(contract).map(([key, route]) => {
  const [method = '', path = ''] = key.split(' ');
  const declaration: RouteDeclaration = route;
  return { method, pattern: patternOf(path), route: declaration };
});

function findRoute(method: string, path: string): RouteDeclaration | undefined {
  const pathname = path.replace(/[?#].*$/s, '');
  return routes.find((entry) => entry.method === method && entry.pattern.test(pathname))?.route;
}

function checkSuccess(route: RouteDeclaration, { status, text, body }: HttpResponse): void {
  assert.ok(Object.keys(route.answers).includes(String(status)), `undeclared status ${status}`);
  const schema = route.answers[status as keyof RouteDeclaration['answers']];
  if (!schema) assert.equal(text, '', 'a body where none is declared');
  // Parsing drops fields that the schema does not name, so equality means that there are none.
  else assert.deepEqual(schema.parse(body), body);
}

/** Responses of the API must not be cached. */
function assertNotCached({ headers, text }: HttpResponse): void {
  if (text !== '') assert.equal(headers.get('cache-control'), 'no-store');
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorKinds, code);
}

function checkProblem(route: RouteDeclaration | undefined, answer: HttpResponse): void {
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  const body = problem.parse(answer.body);
  assert.deepEqual(body, answer.body);
  assert.equal(body.requestId, answer.headers.get('x-request-id'));
  assert.equal(body.status, answer.status);
  assert.ok(isErrorCode(body.code), `unknown code ${body.code}`);
  assert.equal(errorKinds[body.code].status, answer.status);
  assert.notEqual(body.code, 'internal.error', 'a fault of ours reached the caller');
  if (answer.status === 429) assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
  if (route) {
    const documented = [...declaredErrors(route), ...commonErrors];
    assert.ok(documented.includes(body.code), `${body.code} is not documented for this route`);
  }
}

/**
 * Checks a response of the BFF against the contract: a declared status, exactly the fields of the schema,
 * refusals as documented problem details, and no internal error.
 * @throws AssertionError
 */
export function checkResponse(
  request: { method: string; path: string },
  answer: HttpResponse,
): void {
  const route = findRoute(request.method, request.path);
  assert.match(answer.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
  if (route) assertNotCached(answer);
  if (answer.status >= 400) checkProblem(route, answer);
  else if (route) checkSuccess(route, answer);
}
