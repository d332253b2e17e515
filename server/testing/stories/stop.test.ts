import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStack, type Stack } from '../harness';
import { cardInState } from '../shopping';

let stack: Stack;
let socket: Socket | undefined;
beforeEach(async () => {
  stack = await startStack();
});
afterEach(async () => {
  socket?.destroy();
  socket = undefined;
  await stack.startServer();
  await stack.close();
});

/** Connects to the BFF and sends an incomplete request. */
async function sendPartialRequest(text: string): Promise<void> {
  const { hostname, port } = new URL(stack.origin());
  socket = connect(Number(port), hostname);
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  socket.write(text);
  await sleep(100);
}

async function secondsToStop(): Promise<number> {
  const start = performance.now();
  await stack.stopServer();
  return (performance.now() - start) / 1000;
}

const head = 'POST /api/v1/sessions HTTP/1.1\r\nHost: liuka\r\nContent-Type: application/json\r\n';

test.each([
  ['says nothing', ''],
  ['is kept alive', 'GET /healthz HTTP/1.1\r\nHost: liuka\r\n\r\n'],
  ['is in the middle of a head', head],
])('a connection that %s does not delay shutdown', async (_name, text) => {
  await sendPartialRequest(text);
  expect(await secondsToStop()).toBeLessThan(2);
});

test('a body that never ends delays shutdown by some seconds only', async () => {
  await sendPartialRequest(`${head}Content-Length: 50\r\n\r\n{"code":`);
  expect(await secondsToStop()).toBeLessThan(8);
});

test('a platform that hangs delays shutdown by some seconds only, and the request is answered', async () => {
  const customer = await stack.signIn();
  const { iccid } = await cardInState(stack, 'telecom', '1');
  await stack.sandbox.faults({ gatewaySlowMs: 60_000 });
  const refused = customer.problem('GET /cards', { query: { number: iccid } });
  await sleep(100);
  expect(await secondsToStop()).toBeLessThan(8);
  expect((await refused).code).toBe('platform.unavailable');
});
