import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAccount, readSettings, SettingsError, type Environment } from './index';

const good = {
  SHINGSOU_CLIENT_ID: 'shop',
  SHINGSOU_CLIENT_SECRET: 'client-secret-0001',
  SHINGSOU_SUBSCRIPTION_KEY: 'subscription-key-0002',
  WECHAT_APP_ID: 'wx0123456789abcdef',
};

const rsa = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const ed25519 = generateKeyPairSync('ed25519', {
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

const merchant = {
  WECHATPAY_MCH_ID: '1900000001',
  WECHATPAY_SERIAL: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
  WECHATPAY_PRIVATE_KEY: rsa.privateKey,
  WECHATPAY_API_V3_KEY: 'a key of exactly thirty-two byte',
};
const publicKey = {
  WECHATPAY_PUBLIC_KEY: rsa.publicKey,
  WECHATPAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0119000000012024092200000000000001',
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

test('settlement days are read for platforms, carriers on a platform and packages', () => {
  const text = 'shingsou=25, dakashi:unicom=last,shingsou/130101=20';
  const { settlementDays } = readSettings({ ...good, SETTLEMENT_DAYS: text });
  expect([...settlementDays]).toEqual([
    ['shingsou', 25],
    ['dakashi:unicom', 31],
    ['shingsou/130101', 20],
  ]);
  expect(readSettings(good).settlementDays.size).toBe(0);
});

test('what has a sensible default need not be set', () => {
  expect(readSettings(good)).toMatchObject({
    listen: { host: '127.0.0.1', port: 3000, trustProxy: false, requestsPerMinute: 1_200 },
    log: { level: 'info' },
    store: { databaseUrl: 'sqlite:./data/liuka.db', acceptDataLoss: false },
    login: { provider: 'shingsou' },
    payment: { channel: 'shingsou' },
    cards: { platforms: ['shingsou'] },
    shingsou: {
      idsUrl: 'https://ids.shingsou.com',
      apiUrl: 'https://openapis.shingsou.com',
      scope: 'iot.cardservice.all iot.paymentservice.all',
    },
    dakashi: undefined,
    mxchip: undefined,
  });
});

test('an origin may end in a slash, which is not kept', () => {
  const { listen } = readSettings({ ...good, PUBLIC_URL: 'https://shop.example/' });
  expect(listen.publicUrl).toBe('https://shop.example');
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
    'SHINGSOU_CLIENT_SECRET is missing: CARDS=shingsou needs it',
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
  ['DATABASE_URL', 'postgres:liuka'],
  ['UNSAFE_STORE', '1'],
  ['UNSAFE_STORE', 'Paid orders may be lost'],
  ['PAYMENT', 'wechat'],
  ['WECHAT_API_URL', 'api.weixin.qq.com'],
  ['WECHAT_APP_SECRET', 'short'],
  ['PUBLIC_URL', 'shop.example'],
  ['PUBLIC_URL', 'https://shop.example/?from=here'],
  ['PUBLIC_URL', 'https://me@shop.example'],
  ['SHINGSOU_API_URL', 'https://openapis.shingsou.com/payment'],
  ['LOGIN', 'alipay'],
  ['CARDS', 'shingsou,shingsou'],
  ['SETTLEMENT_DAYS', '26'],
  ['SETTLEMENT_DAYS', 'shingsou=29'],
  ['SETTLEMENT_DAYS', 'shingsou=0'],
  ['SETTLEMENT_DAYS', 'shingsou:vodafone=26'],
  ['SETTLEMENT_DAYS', 'other=26'],
  ['SETTLEMENT_DAYS', 'shingsou=25,shingsou=26'],
  ['SETTLEMENT_DAYS', 'shingsou/1=25,'],
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
    expect(settings.shingsou?.clientSecret).toBe('from-a-file-0003');
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
      'SHINGSOU_CLIENT_ID is missing: CARDS=shingsou needs it',
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
    expect(readSettings(production).demo.wechatUrl).toBeUndefined();
    const faults = faultsOf({ ...production, DEMO_WECHAT_URL: 'http://127.0.0.1:3001' });
    expect(faults).toEqual([expect.stringMatching(/^DEMO_WECHAT_URL: /)]);
  });

  test('the platforms must know where to send notifications', () => {
    expect(faultsOf({ ...production, PUBLIC_URL: undefined })).toEqual([
      expect.stringMatching(/^PUBLIC_URL is missing/),
    ]);
  });
});

test('faults of production are reported with all others at once', () => {
  const faults = faultsOf({
    ...good,
    NODE_ENV: 'production',
    PORT: 'http',
    DEMO_WECHAT_URL: 'http://127.0.0.1:3001',
    DATABSE_URL: 'sqlite:liuka.db',
  });
  const names = faults.map((fault) => /^[A-Z_]+/.exec(fault)?.[0]);
  expect(names).toEqual(['PORT', 'DEMO_WECHAT_URL', 'PUBLIC_URL', 'DATABSE_URL']);
});

test('旭宇’s channel takes no payment for cards of another platform', () => {
  const dakashi = { DAKASHI_CLIENT_ID: 'agent', DAKASHI_CLIENT_SECRET: 'secret-0003' };
  expect(faultsOf({ ...good, ...dakashi, CARDS: 'shingsou,dakashi' })).toEqual([
    'PAYMENT=shingsou takes no payment for cards of dakashi: use wechatpay',
  ]);
});

describe('the account with one platform', () => {
  test('is read without any other setting', () => {
    const account = readAccount('shingsou', { ...good, WECHAT_APP_ID: '', PORT: 'http' });
    expect(account).toMatchObject({ clientId: 'shop', idsUrl: 'https://ids.shingsou.com' });
  });

  test('names what is missing, wrong and misspelt at once', () => {
    const environment = {
      MXCHIP_URL: 'nowhere',
      MXCHIP_CLIENT_SECRET: 'tiny-42',
      MXCHIP_CLIENTID: 'shop',
      SHINGSOU_CLINET_ID: 'not of this platform',
    };
    expect(() => readAccount('mxchip', environment)).toThrow(
      /MXCHIP_URL: .*\n.*MXCHIP_CLIENT_SECRET: .*\n.*MXCHIP_CLIENT_ID is missing\n.*did you mean MXCHIP_CLIENT_ID\?$/,
    );
    expect(() => readAccount('mxchip', environment)).not.toThrow(/tiny-42|nowhere|SHINGSOU/);
  });
});

test.each(['sqlite:/data/liuka.db', 'postgres://db/liuka', 'postgresql://me:pw@db:5432/liuka'])(
  'the store can be %s',
  (url) => {
    expect(readSettings({ ...good, DATABASE_URL: url }).store.databaseUrl).toBe(url);
  },
);

test('a store that may lose orders is accepted in words only', () => {
  expect(readSettings(good).store.acceptDataLoss).toBe(false);
  const UNSAFE_STORE = 'paid orders may be lost';
  expect(readSettings({ ...good, UNSAFE_STORE }).store.acceptDataLoss).toBe(true);
});

describe('signing in at WeChat itself', () => {
  test('needs the secret of the mini-program', () => {
    expect(faultsOf({ ...good, LOGIN: 'wechat' })).toEqual([
      'WECHAT_APP_SECRET is missing: LOGIN=wechat needs it',
    ]);
    const settings = { ...good, LOGIN: 'wechat', WECHAT_APP_SECRET: 'secret-of-the-app' };
    expect(readSettings(settings)).toMatchObject({
      login: { provider: 'wechat' },
      wechat: { apiUrl: 'https://api.weixin.qq.com', appSecret: 'secret-of-the-app' },
    });
  });
});

describe('WeChat Pay itself', () => {
  const chosen = { ...good, PAYMENT: 'wechatpay', ...merchant };

  test('is paid to with certificates alone, or with the public key besides', () => {
    expect(readSettings(chosen)).toMatchObject({
      payment: { channel: 'wechatpay' },
      wechatpay: {
        url: 'https://api.mch.weixin.qq.com',
        mchId: merchant.WECHATPAY_MCH_ID,
        serial: merchant.WECHATPAY_SERIAL,
        publicKey: undefined,
      },
    });
    const account = readSettings({ ...chosen, ...publicKey }).wechatpay;
    expect(account?.privateKey.type).toBe('private');
    expect(account?.publicKey?.key.type).toBe('public');
    expect(account?.publicKey?.id).toBe(publicKey.WECHATPAY_PUBLIC_KEY_ID);
    expect(account?.apiV3Key.symmetricKeySize).toBe(32);
  });

  test('needs all of a merchant’s settings, and says so of all at once', () => {
    const faults = faultsOf({ ...good, PAYMENT: 'wechatpay', PORT: '-1' });
    expect(faults.map((fault) => fault.split(/[ :]/)[0]).sort()).toEqual([
      'PORT',
      'WECHATPAY_API_V3_KEY',
      'WECHATPAY_MCH_ID',
      'WECHATPAY_PRIVATE_KEY',
      'WECHATPAY_SERIAL',
    ]);
  });

  test('keeps its settings while its last orders are settled', () => {
    const { payment, wechatpay } = readSettings({ ...good, ...merchant });
    expect([payment.channel, wechatpay?.mchId]).toEqual(['shingsou', merchant.WECHATPAY_MCH_ID]);
    expect(readSettings(good).wechatpay).toBeUndefined();
    const { WECHATPAY_SERIAL: _, ...others } = merchant;
    expect(faultsOf({ ...good, ...others })).toEqual([
      'WECHATPAY_SERIAL is missing: it belongs to WECHATPAY_MCH_ID',
    ]);
  });

  test.each(['WECHATPAY_PUBLIC_KEY', 'WECHATPAY_PUBLIC_KEY_ID'] as const)(
    'takes %s only with its other half',
    (name) => {
      const faults = faultsOf({ ...chosen, [name]: publicKey[name] });
      expect(faults).toEqual([expect.stringMatching(/^WECHATPAY_PUBLIC_KEY\w* is missing: /)]);
    },
  );

  test('takes keys written in one line, or in a file', () => {
    const { WECHATPAY_PRIVATE_KEY, ...others } = chosen;
    const oneLine = WECHATPAY_PRIVATE_KEY.replaceAll('\n', '\\n');
    const path = file('merchant.pem', WECHATPAY_PRIVATE_KEY);
    for (const key of [{ WECHATPAY_PRIVATE_KEY: oneLine }, { WECHATPAY_PRIVATE_KEY_FILE: path }]) {
      const { wechatpay } = readSettings({ ...others, ...key });
      const written = wechatpay?.privateKey.export({ type: 'pkcs8', format: 'pem' });
      expect(written).toBe(WECHATPAY_PRIVATE_KEY);
    }
  });

  test('whose key file cannot be read has one fault, not two', () => {
    const { WECHATPAY_PRIVATE_KEY: _, ...others } = chosen;
    const path = join(folder, 'not-there.pem');
    expect(faultsOf({ ...others, WECHATPAY_PRIVATE_KEY_FILE: path })).toEqual([
      'WECHATPAY_PRIVATE_KEY_FILE: the file cannot be read',
    ]);
  });

  test.each([
    ['WECHATPAY_MCH_ID', '19000'],
    ['WECHATPAY_MCH_ID', 'merchant-1'],
    ['WECHATPAY_SERIAL', 'not hexadecimal'],
    ['WECHATPAY_PRIVATE_KEY', 'hidden'],
    ['WECHATPAY_PRIVATE_KEY', rsa.publicKey],
    ['WECHATPAY_PRIVATE_KEY', rsa.privateKey.slice(0, 900)],
    ['WECHATPAY_PRIVATE_KEY', ed25519.privateKey],
    ['WECHATPAY_API_V3_KEY', 'hidden, and much too long to be a key of thirty-two bytes'],
    ['WECHATPAY_API_V3_KEY', '三十二个字符三十二个字符三十二个字符三十二个字符三十二个字符十二'],
    ['WECHATPAY_PUBLIC_KEY', rsa.privateKey],
    ['WECHATPAY_PUBLIC_KEY', ed25519.publicKey],
    ['WECHATPAY_PUBLIC_KEY_ID', 'hidden'],
  ])('%s cannot be %p', (name, value) => {
    const faults = faultsOf({ ...chosen, ...publicKey, [name]: value });
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
    expect(faults.join()).not.toContain(value.slice(0, 40));
  });

  test('notifies https addresses only, in production', () => {
    const production = { ...chosen, NODE_ENV: 'production' };
    expect(faultsOf({ ...production, PUBLIC_URL: 'https://shop.example' })).toEqual([]);
    expect(faultsOf({ ...production, PUBLIC_URL: 'http://shop.example' })).toEqual([
      'PUBLIC_URL: WeChat Pay sends its notifications to https addresses only',
    ]);
  });
});
