import { pino } from 'pino';
import { PlatformUnavailable } from '../platforms/ports';
import type { TokenHolder } from '../platforms/token-holder';
import { readTokenForServer, refreshTokenForServer } from './token-service';

const caller = { requestId: 'the-request', ip: '192.0.2.7' };

function create(holder: TokenHolder) {
  const lines: string[] = [];
  const log = pino({}, { write: (line: string) => void lines.push(line) });
  const used: string[] = [];
  const context = {
    holders: { shingsou: holder },
    recordUse: (...use: string[]) => used.push(use.join(' ')),
    log,
  };
  return { context, lines, used };
}

const given = (value: string) => Promise.resolve({ value, expiresAt: 1_800_000_000_000 });

test('every use is logged and counted, and no log line contains a token', async () => {
  const { context, lines, used } = create({
    current: () => given('good-token'),
    refresh: () => given('newer-token'),
  });
  await readTokenForServer(context, 'shingsou', caller);
  await refreshTokenForServer(context, 'shingsou', 'bad-token', caller);
  const logged = lines.map((line) => JSON.parse(line) as unknown);
  expect(logged).toEqual([
    expect.objectContaining({ ...caller, platform: 'shingsou', use: 'read', result: 'given' }),
    expect.objectContaining({ ...caller, platform: 'shingsou', use: 'refresh', result: 'given' }),
  ]);
  expect(lines.join('')).not.toMatch(/(good|newer|bad)-token/);
  expect(used).toEqual(['shingsou read given', 'shingsou refresh given']);
});

test('a failed use is logged and counted as well, and the error says when to retry', async () => {
  const { context, lines, used } = create({
    current: () => Promise.reject(new PlatformUnavailable('down')),
    refresh: () => Promise.reject(new TypeError('a bug')),
  });
  await expect(readTokenForServer(context, 'shingsou', caller)).rejects.toMatchObject({
    code: 'platform.unavailable',
    details: { retryAfterSeconds: 5 },
  });
  await expect(refreshTokenForServer(context, 'shingsou', 'x', caller)).rejects.toThrow('a bug');
  expect(lines).toHaveLength(2);
  expect(used).toEqual(['shingsou read unavailable', 'shingsou refresh unavailable']);
});

test('unknown platform names are counted under one label', async () => {
  const { context, used } = create({ current: () => given('x'), refresh: () => given('x') });
  for (const name of ['nowhere', 'constructor', '__proto__']) {
    await expect(readTokenForServer(context, name, caller)).rejects.toMatchObject({
      code: 'token.platform_unknown',
    });
  }
  expect(new Set(used)).toEqual(new Set(['unknown read unknownPlatform']));
});
