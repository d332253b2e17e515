import { pino } from 'pino';
import { PlatformUnavailable } from '../platforms/ports';
import type { TokenHolder } from '../platforms/token-holder';
import { createTokenService, noTokens } from './token-service';

const caller = { requestId: 'the-request', ip: '192.0.2.7' };

function create(holder: TokenHolder) {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const used: string[] = [];
  const service = createTokenService({
    ...noTokens,
    holders: { shingsou: holder },
    recordUse: (...use) => used.push(use.join(' ')),
    log,
  });
  return { service, lines, used };
}

const given = (value: string) => Promise.resolve({ value, expiresAt: 1_800_000_000_000 });

test('every use is logged and counted, and no line has a token in it', async () => {
  const { service, lines, used } = create({
    current: () => given('good-token'),
    refresh: () => given('newer-token'),
  });
  await service.read('shingsou', caller);
  await service.refresh('shingsou', 'bad-token', caller);
  const logged = lines.map((line) => JSON.parse(line) as unknown);
  expect(logged).toEqual([
    expect.objectContaining({ ...caller, platform: 'shingsou', use: 'read', result: 'given' }),
    expect.objectContaining({ ...caller, platform: 'shingsou', use: 'refresh', result: 'given' }),
  ]);
  expect(lines.join('')).not.toMatch(/(good|newer|bad)-token/);
  expect(used).toEqual(['shingsou read given', 'shingsou refresh given']);
});

test('a use in vain is logged and counted, too, and says when to come again', async () => {
  const { service, lines, used } = create({
    current: () => Promise.reject(new PlatformUnavailable('down')),
    refresh: () => Promise.reject(new TypeError('a fault of ours')),
  });
  await expect(service.read('shingsou', caller)).rejects.toMatchObject({
    code: 'platform.unavailable',
    details: { retryAfterSeconds: 5 },
  });
  await expect(service.refresh('shingsou', 'x', caller)).rejects.toThrow('a fault of ours');
  expect(lines).toHaveLength(2);
  expect(used).toEqual(['shingsou read unavailable', 'shingsou refresh unavailable']);
});

test('names of platforms that callers make up are counted under one', async () => {
  const { service, used } = create({ current: () => given('x'), refresh: () => given('x') });
  for (const name of ['nowhere', 'constructor', '__proto__']) {
    await expect(service.read(name, caller)).rejects.toMatchObject({
      code: 'token.platform_unknown',
    });
  }
  expect(new Set(used)).toEqual(new Set(['unknown read unknownPlatform']));
});
