import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, SettingsError, type Environment } from './settings';

const good = {
  SHINGSOU_CLIENT_ID: 'shop',
  SHINGSOU_CLIENT_SECRET: 'client-secret-0001',
  SHINGSOU_SUBSCRIPTION_KEY: 'subscription-key-0002',
  WECHAT_APP_ID: 'wx0123456789abcdef',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'liuka-settings-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function faultsOf(environment: Environment): readonly string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('what has a sensible default need not be set', () => {
  expect(readSettings(good)).toMatchObject({
    HOST: '127.0.0.1',
    PORT: 3000,
    LOG_LEVEL: 'info',
    DATABASE_URL: 'sqlite:./data/liuka.db',
    LOGIN: 'shingsou',
    PAYMENT: 'shingsou',
    CARDS: 'shingsou',
    SHINGSOU_IDS_URL: 'https://ids.shingsou.com',
    SHINGSOU_API_URL: 'https://openapis.shingsou.com',
  });
});

test('an origin may end in a slash, which is not kept', () => {
  const { PUBLIC_URL } = readSettings({ ...good, PUBLIC_URL: 'https://shop.example/' });
  expect(PUBLIC_URL).toBe('https://shop.example');
});

test('every fault is named, all at once', () => {
  const faults = faultsOf({
    PORT: '70000',
    LOG_LEVEL: 'loud',
    DATABASE_URL: 'mysql://localhost/liuka',
    PUBLIC_URL: 'https://shop.example/path',
    SHINGSOU_IDS_URL: 'ftp://ids.example',
    SHINGSOU_CLIENT_SECRET: 'short',
    SHINGSOU_SUBSCRIPTION_KEY_FILE: join(folder, 'not-there'),
    WECHAT_APP_ID: 'wx123',
  });
  const names = faults.map((fault) => /^[A-Z_]+/.exec(fault)?.[0]);
  expect(names.sort()).toEqual([
    'DATABASE_URL',
    'LOG_LEVEL',
    'PORT',
    'PUBLIC_URL',
    'SHINGSOU_CLIENT_ID',
    'SHINGSOU_CLIENT_SECRET',
    'SHINGSOU_IDS_URL',
    'SHINGSOU_SUBSCRIPTION_KEY_FILE',
    'WECHAT_APP_ID',
  ]);
});

test('what is missing is called missing, an empty value too', () => {
  expect(faultsOf({ ...good, WECHAT_APP_ID: undefined })).toEqual(['WECHAT_APP_ID is missing']);
  expect(faultsOf({ ...good, SHINGSOU_CLIENT_SECRET: '' })).toEqual([
    'SHINGSOU_CLIENT_SECRET is missing',
  ]);
});

test.each([
  ['PORT', '-1'],
  ['PORT', '80.5'],
  ['PORT', 'http'],
  ['LOG_LEVEL', 'verbose'],
  ['TRUST_PROXY', 'yes'],
  ['DATABASE_URL', 'sqlite:'],
  ['DATABASE_URL', './liuka.db'],
  ['PUBLIC_URL', 'shop.example'],
  ['PUBLIC_URL', 'https://shop.example/?from=here'],
  ['PUBLIC_URL', 'https://me@shop.example'],
  ['SHINGSOU_API_URL', 'https://openapis.shingsou.com/payment'],
  ['LOGIN', 'alipay'],
  ['CARDS', 'shingsou,shingsou'],
  ['WECHAT_APP_ID', 'WX0123456789ABCDEF'],
])('%s cannot be %p', (name, value) => {
  const faults = faultsOf({ ...good, [name]: value });
  expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
});

test('values are never in the message: they may be secrets', () => {
  const faults = faultsOf({
    ...good,
    SHINGSOU_CLIENT_SECRET: 'tiny-42',
    WECHAT_APP_ID: 'hidden-app-id',
    PORT: 'hidden-port',
    PUBLIC_URL: 'https://user:hidden-password@shop.example/path',
    SHINGSOU_SUBSCRIPTION_KEY_FILE: join(folder, 'hidden-path'),
  }).join('\n');
  for (const secret of ['tiny-42', 'hidden']) expect(faults).not.toContain(secret);
  expect(faults.split('\n')).toHaveLength(5);
});

describe('a setting in a file', () => {
  test('is read without the line break at its end', () => {
    const { SHINGSOU_CLIENT_SECRET: _, ...others } = good;
    const path = file('secret', 'from-a-file-0003\n');
    const settings = readSettings({ ...others, SHINGSOU_CLIENT_SECRET_FILE: path });
    expect(settings.SHINGSOU_CLIENT_SECRET).toBe('from-a-file-0003');
  });

  test('and in the environment as well is a fault', () => {
    const path = file('twice', 'from-a-file-0003');
    expect(faultsOf({ ...good, SHINGSOU_CLIENT_SECRET_FILE: path })).toEqual([
      'SHINGSOU_CLIENT_SECRET and SHINGSOU_CLIENT_SECRET_FILE are both set; keep one',
    ]);
  });

  test('that is empty counts as missing', () => {
    const { SHINGSOU_CLIENT_ID: _, ...others } = good;
    const path = file('empty', ' \n');
    expect(faultsOf({ ...others, SHINGSOU_CLIENT_ID_FILE: path })).toEqual([
      'SHINGSOU_CLIENT_ID is missing',
    ]);
  });

  test('that cannot be read is one fault, not two', () => {
    const { SHINGSOU_CLIENT_ID: _, ...others } = good;
    const path = join(folder, 'not-there');
    expect(faultsOf({ ...others, SHINGSOU_CLIENT_ID_FILE: path })).toEqual([
      'SHINGSOU_CLIENT_ID_FILE: the file cannot be read',
    ]);
  });
});

describe('in production', () => {
  const production = { ...good, NODE_ENV: 'production', PUBLIC_URL: 'https://shop.example' };

  test('nobody signs in and pays at a simulated WeChat', () => {
    expect(readSettings(production).NODE_ENV).toBe('production');
    const faults = faultsOf({ ...production, DEMO_WECHAT_URL: 'http://127.0.0.1:3001' });
    expect(faults).toEqual([expect.stringMatching(/^DEMO_WECHAT_URL: /)]);
  });

  test('the platforms must know where to send notifications', () => {
    expect(faultsOf({ ...production, PUBLIC_URL: undefined })).toEqual([
      expect.stringMatching(/^PUBLIC_URL is missing/),
    ]);
  });
});
