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
import { startBackOfficeFixture } from './testing/back-office-fixture';
import type { BackOfficeFixture } from './testing/back-office-fixture';
import { createPlatformClock } from '../platform-clock';

/**
 * Gets a complete answer of every operation from the simulated platform, then calls the operation against a
 * server that returns this answer corrupted. The outcome must be unknown, never done.
 */

interface Sample {
  request: object;
  data: unknown;
}

const names = Object.keys(operations) as OperationName[];
const samples = new Map<OperationName, Sample>();

let fixture: BackOfficeFixture;
let server: TestServer;
let client: ShingsouClient;
let http: ReturnType<typeof createUpstreamHttp>;
let responder: (response: ServerResponse) => void = () => undefined;

beforeAll(async () => {
  fixture = await startBackOfficeFixture();
  for (const name of names) {
    const request = await examples[name].request(fixture);
    samples.set(name, { request, data: await fixture.callSuccessfully(name, request) });
  }
  server = await startTestServer((_request, response) => {
    responder(response);
  });
  const limits = { retries: 0, breakAfter: 100_000 };
  http = createUpstreamHttp({ platform: 'shingsou', origin: server.url, limits });
  const token = { value: 'token', expiresIn: 7200 };
  client = createShingsouClient({
    http,
    tokens: createTokenHolder({ fetchToken: () => Promise.resolve(token), clock: Date.now }),
    subscriptionKey: 'the-key',
    platformClock: createPlatformClock(Date.now),
    warn: () => undefined,
  });
}, 60_000);
afterAll(async () => {
  await http.close();
  await server.close();
  await fixture.close();
});

function sampleOf(name: OperationName): Sample {
  const sample = samples.get(name);
  if (!sample) throw new Error(`no sample of ${name}`);
  return sample;
}

async function outcomeOf(name: OperationName, by: typeof responder): Promise<string> {
  responder = by;
  const { request } = sampleOf(name);
  return (await client.perform(operations[name], request)).outcome;
}

const envelopeOf = (data: unknown) => ({ code: 200, name: 'Status200OK', data });
const respondWith = (data: unknown) => (response: ServerResponse) =>
  sendJson(response, 200, envelopeOf(data));

/** Changes one field of the outermost object that has fields, and returns one answer per field. */
function corruptFields(data: unknown, change: (fields: object, name: string) => object): unknown[] {
  if (Array.isArray(data)) {
    const [first, ...rest] = data as unknown[];
    return first === undefined ? [] : corruptFields(first, change).map((one) => [one, ...rest]);
  }
  if (typeof data !== 'object' || data === null) return [];
  return Object.keys(data).map((name) => change(data, name));
}

const without = (fields: object, name: string) =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
const withNull = (fields: object, name: string) => ({ ...fields, [name]: null });
const withWrongType = (fields: object, name: string) => ({ ...fields, [name]: { misfit: true } });

/** Whether the schema accepts the data: some fields may be missing or null. */
function fits(name: OperationName, data: unknown): boolean {
  return operations[name].answer.safeParse(data).success;
}

/** Lists, which leave out an invalid element, and answers whose parts may be invalid. */
const lenientOperations: readonly OperationName[] = [
  'flowCardDetail',
  'flowCardStatus',
  'flowCardTypes',
  'flowCardCategories',
  'flowCardTags',
  'products',
  'productCategories',
];

const operationCases = names.map((name) => [operations[name].id, name] as const);

describe.each(operationCases)('%s', (_id, name) => {
  it('is done after a complete answer', async () => {
    expect(await outcomeOf(name, respondWith(sampleOf(name).data))).toBe('done');
  });

  it('is unknown after a web page or an empty, truncated or lost answer, or one without data', async () => {
    const text = JSON.stringify(envelopeOf(sampleOf(name).data));
    const damages: (typeof responder)[] = [
      (response) => void response.end('<html><title>维护中</title></html>'),
      (response) => void response.end(),
      (response) => void response.end(text.slice(0, -Math.ceil(text.length / 3))),
      (response) => sendJson(response, 200, { code: 200, name: 'Status200OK' }),
      respondWith(null),
      respondWith('text'),
      respondWith([[]]),
      (response) => void response.destroy(),
    ];
    for (const damage of damages) expect(await outcomeOf(name, damage)).toBe('unknown');
  });

  it('is unknown after an answer with a field of a wrong type', async () => {
    const damaged = corruptFields(sampleOf(name).data, withWrongType);
    for (const data of damaged) {
      const isRead = lenientOperations.includes(name) && fits(name, data);
      expect(await outcomeOf(name, respondWith(data))).toBe(isRead ? 'done' : 'unknown');
    }
  });

  it('is unknown after an answer without a required field', async () => {
    const { data } = sampleOf(name);
    const damaged = [...corruptFields(data, without), ...corruptFields(data, withNull)];
    for (const one of damaged) {
      expect(await outcomeOf(name, respondWith(one))).toBe(fits(name, one) ? 'done' : 'unknown');
    }
  });
});

it('requires nearly every field', () => {
  const optional = names.flatMap((name) => {
    const { data } = sampleOf(name);
    return corruptFields(data, without).filter((one) => fits(name, one)).length > 0 ? [name] : [];
  });
  // The sample's list of tags is empty.
  const lenient = lenientOperations.filter((name) => name !== 'flowCardTags');
  expect(optional.toSorted()).toEqual([...lenient, 'code2session'].toSorted());
});
