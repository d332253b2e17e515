import type { ServerResponse } from 'node:http';
import { createTokenHolder } from '../token-holder';
import { sendJson, startTestServer } from '../testing/http-server';
import type { TestServer } from '../testing/http-server';
import { createUpstreamHttp } from '../upstream-http';
import { createShingsouClient } from './client';
import type { ShingsouClient } from './client';
import { operations } from './operations';
import type { OperationName } from './operations';
import { examples } from './testing/examples';
import { openScene } from './testing/scene';
import type { Scene } from './testing/scene';

/**
 * Every operation is answered whole by the simulated platform once; then a gateway gives that answer again,
 * damaged in every way an answer gets damaged. What came of the call is then unknown, never done.
 */

interface Specimen {
  request: object;
  data: unknown;
}

const names = Object.keys(operations) as OperationName[];
const specimens = new Map<OperationName, Specimen>();

let scene: Scene;
let server: TestServer;
let client: ShingsouClient;
let http: ReturnType<typeof createUpstreamHttp>;
let answer: (response: ServerResponse) => void = () => undefined;

beforeAll(async () => {
  scene = await openScene();
  for (const name of names) {
    const request = await examples[name].request(scene);
    specimens.set(name, { request, data: await scene.done(name, request) });
  }
  server = await startTestServer((_request, response) => {
    answer(response);
  });
  const limits = { retries: 0, breakAfter: 100_000 };
  http = createUpstreamHttp({ platform: 'shingsou', origin: server.url, limits });
  const token = { value: 'token', expiresIn: 7200 };
  client = createShingsouClient({
    http,
    tokens: createTokenHolder({ fetchToken: () => Promise.resolve(token), clock: Date.now }),
    subscriptionKey: 'the-key',
    warn: () => undefined,
  });
}, 60_000);
afterAll(async () => {
  await http.close();
  await server.close();
  await scene.close();
});

function specimenOf(name: OperationName): Specimen {
  const specimen = specimens.get(name);
  if (!specimen) throw new Error(`no specimen of ${name}`);
  return specimen;
}

async function outcomeOf(name: OperationName, by: typeof answer): Promise<string> {
  answer = by;
  const { request } = specimenOf(name);
  return (await client.perform(operations[name], request)).outcome;
}

const envelopeOf = (data: unknown) => ({ code: 200, name: 'Status200OK', data });
const saying = (data: unknown) => (response: ServerResponse) =>
  sendJson(response, 200, envelopeOf(data));

/** An answer with one field changed, for each of the fields of the outermost object that holds any. */
function damagedFields(data: unknown, change: (fields: object, name: string) => object): unknown[] {
  if (Array.isArray(data)) {
    const [first, ...rest] = data as unknown[];
    return first === undefined ? [] : damagedFields(first, change).map((one) => [one, ...rest]);
  }
  if (typeof data !== 'object' || data === null) return [];
  return Object.keys(data).map((name) => change(data, name));
}

const without = (fields: object, name: string) =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
const withNull = (fields: object, name: string) => ({ ...fields, [name]: null });
const withMisfit = (fields: object, name: string) => ({ ...fields, [name]: { misfit: true } });

/** Whether the table itself lets a field be missing or null: then such an answer is no damage. */
function fits(name: OperationName, data: unknown): boolean {
  return operations[name].answer.safeParse(data).success;
}

const whole = names.map((name) => [operations[name].id, name] as const);

describe.each(whole)('%s', (_id, name) => {
  it('is done by a whole answer', async () => {
    expect(await outcomeOf(name, saying(specimenOf(name).data))).toBe('done');
  });

  it('is unknown by a web page, an empty answer, one cut off, one without data, or none', async () => {
    const text = JSON.stringify(envelopeOf(specimenOf(name).data));
    const damages: (typeof answer)[] = [
      (response) => void response.end('<html><title>维护中</title></html>'),
      (response) => void response.end(),
      (response) => void response.end(text.slice(0, -Math.ceil(text.length / 3))),
      (response) => sendJson(response, 200, { code: 200, name: 'Status200OK' }),
      saying(null),
      saying('text'),
      saying([[]]),
      (response) => void response.destroy(),
    ];
    for (const damage of damages) expect(await outcomeOf(name, damage)).toBe('unknown');
  });

  it('is unknown by an answer whose field has another type', async () => {
    const damaged = damagedFields(specimenOf(name).data, withMisfit);
    for (const data of damaged) expect(await outcomeOf(name, saying(data))).toBe('unknown');
  });

  it('is unknown by an answer that lacks a field or has null for it, unless the table lets it', async () => {
    const { data } = specimenOf(name);
    const damaged = [...damagedFields(data, without), ...damagedFields(data, withNull)];
    for (const one of damaged) {
      expect(await outcomeOf(name, saying(one))).toBe(fits(name, one) ? 'done' : 'unknown');
    }
  });
});

it('lets next to no field be missing', () => {
  const optional = names.flatMap((name) => {
    const { data } = specimenOf(name);
    return damagedFields(data, without).filter((one) => fits(name, one)).length > 0 ? [name] : [];
  });
  expect(optional).toEqual(['flowCardStatus', 'code2session']);
});
