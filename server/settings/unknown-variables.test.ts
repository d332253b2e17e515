import { readSettings, SettingsError, type Environment } from './index';

const good = {
  SHINGSOU_CLIENT_ID: 'shop',
  SHINGSOU_CLIENT_SECRET: 'client-secret-0001',
  SHINGSOU_SUBSCRIPTION_KEY: 'subscription-key-0002',
  WECHAT_APP_ID: 'wx0123456789abcdef',
};

function faultsOf(environment: Environment): readonly string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  return [];
}

describe('a misspelt setting', () => {
  test.each([
    ['SHINGSOU_CLINET_ID', 'SHINGSOU_CLIENT_ID'],
    ['SHINGSOU_SCOPES', 'SHINGSOU_SCOPE'],
    ['WECHATPAY_APIV3_KEY', 'WECHATPAY_API_V3_KEY'],
    ['WECHAT_APPSECRET_FILE', 'WECHAT_APP_SECRET_FILE'],
    ['DAKASHI_CLIENT_SECERT', 'DAKASHI_CLIENT_SECRET'],
    ['MXCHIP_URI', 'MXCHIP_URL'],
    ['DATABSE_URL', 'DATABASE_URL'],
    ['TRUSTPROXY', 'TRUST_PROXY'],
    ['PORTS', 'PORT'],
    ['LOGNI', 'LOGIN'],
  ])('%s is a fault that names %s', (name, nearest) => {
    expect(faultsOf({ ...good, [name]: 'hidden' })).toEqual([
      `${name} is not a setting; did you mean ${nearest}?`,
    ]);
  });

  test('is named beside what is missing for it', () => {
    const { SHINGSOU_CLIENT_ID, ...others } = good;
    expect(faultsOf({ ...others, SHINGSOU_CLINET_ID: SHINGSOU_CLIENT_ID })).toEqual([
      'SHINGSOU_CLIENT_ID is missing: CARDS=shingsou needs it',
      'SHINGSOU_CLINET_ID is not a setting; did you mean SHINGSOU_CLIENT_ID?',
    ]);
  });

  test('that looks like nothing we know is reported when it has a prefix of ours', () => {
    expect(faultsOf({ ...good, WECHATPAY_SOMETHING_ELSE_ENTIRELY: '1' })).toEqual([
      'WECHATPAY_SOMETHING_ELSE_ENTIRELY is not a setting',
    ]);
  });

  test('is not seen in the ordinary variables of a machine', () => {
    const ordinary = {
      PATH: '/bin',
      HOME: '/root',
      HOSTNAME: 'shop',
      HOSTTYPE: 'x86_64',
      LOGNAME: 'root',
      USER: 'root',
      PWD: '/',
      OLDPWD: '/',
      SHELL: '/bin/sh',
      SHLVL: '1',
      LANG: 'zh_CN.UTF-8',
      LC_ALL: 'C',
      TERM: 'xterm',
      MAIL: '/var/mail/root',
      TZ: 'Asia/Shanghai',
      EDITOR: 'vi',
      PGHOST: 'db',
      PGPORT: '5432',
      DB_HOST: 'db',
      NODE_OPTIONS: '--enable-source-maps',
      NODE_PATH: '/usr/lib/node',
      TEST_POSTGRES_URL: 'postgres://db/test',
      CHROMIUM_PATH: '/usr/bin/chromium',
      TARO_APP_API_URL: 'https://shop.example',
      SANDBOX_PORT: '3001',
      KUBERNETES_SERVICE_HOST: '10.0.0.1',
      KUBERNETES_PORT: 'tcp://10.0.0.1:443',
      npm_config_cache: '/root/.npm',
      npm_lifecycle_event: 'start',
      _: '/usr/bin/node',
    };
    expect(faultsOf({ ...ordinary, ...good })).toEqual([]);
  });

  test('that is empty is not set', () => {
    expect(faultsOf({ ...good, SHINGSOU_CLINET_ID: '' })).toEqual([]);
  });
});
