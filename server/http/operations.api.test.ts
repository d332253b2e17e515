import { once } from 'node:events';
import { connect } from 'node:net';
import { API_BASE, contract } from '@shared/contract';
import type { RouteDeclaration } from '@shared/contract/route';
import { startStack, type Stack } from '../testing/harness';
import { cardInState, findCard, placeOrder, preparePurchase } from '../testing/shopping';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.close());

function get(path: string) {
  return stack.anyone.raw({ method: 'GET', path });
}

interface Operation {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: unknown }[];
  responses: Record<string, { description: string; content?: unknown }>;
  requestBody?: { content: Record<string, { schema: unknown }> };
  security?: Record<string, string[]>[];
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; securitySchemes: Record<string, unknown> };
}

test('the health checks report that the server is alive and ready', async () => {
  expect((await get('/healthz')).body).toEqual({ status: 'ok' });
  const ready = await get('/readyz');
  expect([ready.status, ready.body]).toEqual([200, { status: 'ready' }]);
});

test('an aborted request prints nothing outside the log', async () => {
  const written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const { hostname, port } = new URL(stack.origin());
  const socket = connect(Number(port), hostname);
  const head =
    'POST /api/v1/sessions HTTP/1.1\r\nHost: liuka\r\nContent-Type: application/json\r\n';
  socket.end(`${head}Transfer-Encoding: chunked\r\n\r\nno chunk\r\n`);
  socket.resume();
  await once(socket, 'close');
  expect(written).not.toHaveBeenCalled();
  written.mockRestore();
});

describe('the OpenAPI document', () => {
  test('lists every route of the contract, and no other', async () => {
    const { openapi, paths } = (await get('/openapi.json')).body as Document;
    expect(openapi).toMatch(/^3\.1\.\d$/);
    const listed = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const declared = Object.keys(contract).map((key) =>
      key.replace(' ', ` ${API_BASE}`).replace(/:(\w+)/g, '{$1}'),
    );
    expect(listed.sort()).toEqual(declared.sort());
  });

  test('has the required fields of OpenAPI 3.1 for each route', async () => {
    const { paths, info } = (await get('/openapi.json')).body as Document;
    expect(info).toEqual({ title: expect.any(String), version: expect.any(String) });
    const ids = new Set<string>();
    for (const [path, methods] of Object.entries(paths)) {
      for (const operation of Object.values(methods)) {
        ids.add(operation.operationId);
        expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
        for (const [status, response] of Object.entries(operation.responses)) {
          expect(status).toMatch(/^[2-5]\d\d$/);
          expect(response.description).not.toBe('');
        }
        const inPath = operation.parameters.filter((parameter) => parameter.in === 'path');
        const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        expect(inPath.map(({ name }) => name)).toEqual(named);
        expect(inPath.every(({ required }) => required)).toBe(true);
        for (const parameter of operation.parameters) {
          expect(['path', 'query', 'header']).toContain(parameter.in);
          expect(parameter.schema).toBeInstanceOf(Object);
        }
      }
    }
    expect(ids.size).toBe(Object.keys(contract).length);
  });

  test('lists the declared errors and the audience of each route', async () => {
    const { paths, components } = (await get('/openapi.json')).body as Document;
    for (const [key, declared] of Object.entries(contract)) {
      const route: RouteDeclaration = declared;
      const [method = '', path = ''] = key.split(' ');
      const address = `${API_BASE}${path.replace(/:(\w+)/g, '{$1}')}`;
      const operation = paths[address]![method.toLowerCase()]!;
      const refusals = Object.values(operation.responses).map(({ description }) => description);
      for (const code of route.errors) expect(refusals.join(', ')).toContain(code);
      const expected = route.audience === 'anyone' ? undefined : [{ [route.audience]: [] }];
      expect(operation.security).toEqual(expected);
      expect(operation.requestBody !== undefined).toBe(route.body !== undefined);
    }
    expect(Object.keys(components.securitySchemes).sort()).toEqual(['service', 'staff', 'user']);
  });

  test('has no dangling references', async () => {
    const { text, body } = await get('/openapi.json');
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!);
    const { components } = body as Document;
    for (const reference of new Set(references)) {
      const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1];
      expect(name && components.schemas[name]).toBeDefined();
    }
    expect(references.length).toBeGreaterThan(0);
  });

  test('is shown on a page that loads nothing from other hosts', async () => {
    const page = await get('/docs');
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source!);
    expect(sources.length).toBeGreaterThan(1);
    for (const source of sources.filter((address) => !address.startsWith('data:'))) {
      expect(source).toMatch(/^\/docs\//);
      expect((await get(source)).status).toBe(200);
    }
  });
});

test('the metrics count requests by route, not by path', async () => {
  const customer = await stack.signIn();
  const { iccid } = await cardInState(stack, 'telecom', '1');
  const { id } = await findCard(customer, iccid);
  await placeOrder(customer, await preparePurchase(stack, customer));
  await stack.anyone.raw({ method: 'GET', path: `/api/v1/cards/${iccid}` });
  const { text } = await get('/metrics');
  expect(text).toMatch(/liuka_http_request_seconds_count\{route="GET \/cards",status="200"\} \d/);
  expect(text).toMatch(/liuka_upstream_call_seconds_count\{platform="shingsou",operation="/);
  expect(text).not.toContain(iccid);
  expect(text).not.toContain(id);
});

test('every response has the security headers', async () => {
  for (const path of ['/healthz', '/docs', '/api/v1/me', '/nowhere']) {
    const { headers } = await get(path);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  }
});
