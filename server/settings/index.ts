import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Accounts, AccountValues } from './accounts';
import { accountShape, missingAccountSettings, readAccounts } from './accounts';
import type { MissingSetting } from './setting-schemas';
import { origin, secret } from './setting-schemas';
import type { Merchant } from './merchant';
import { merchantShape, missingMerchantSettings, readMerchant } from './merchant';

/** Settings are wrong: every fault is in `faults`, so that all can be mended at once. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly faults: readonly string[]) {
    super(`the settings are not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const PORT_MESSAGE = 'must be a port, 0 to 65535';
const port = z.coerce
  .number(PORT_MESSAGE)
  .int(PORT_MESSAGE)
  .min(0, PORT_MESSAGE)
  .max(65_535, PORT_MESSAGE);

const cardPlatforms = ['shingsou', 'dakashi'] as const;

const schema = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.default(3000),
  PUBLIC_URL: origin.optional(),
  /** `1` where one proxy in front adds the address it was called from to X-Forwarded-For. */
  TRUST_PROXY: z.enum(['0', '1']).default('0'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).default(1_200),
  DATABASE_URL: z
    .string()
    .regex(
      /^(?:sqlite:.+|postgres(?:ql)?:\/\/\S+)$/,
      'must be sqlite:<path of a file> or postgres://<user>:<password>@<host>/<database>',
    )
    .default('sqlite:./data/liuka.db'),
  /** Starts on a store that forgets what it has said to have written; to be said in these words alone. */
  UNSAFE_STORE: z.literal('paid orders may be lost').optional(),
  LOGIN: z.enum(['shingsou', 'wechat']).default('shingsou'),
  PAYMENT: z.enum(['shingsou', 'wechatpay']).default('shingsou'),
  /** The card platforms, in the order in which they are asked. */
  CARDS: z
    .string()
    .default('shingsou')
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(
      z
        .array(
          z.enum(cardPlatforms, `must name ${cardPlatforms.join(' or ')}, separated by commas`),
        )
        .refine((names) => new Set(names).size === names.length, 'names a platform twice'),
    ),
  DEVICES: z.enum(['none', 'mxchip']).default('none'),
  ...accountShape,
  WECHAT_APP_ID: z
    .string()
    .regex(/^wx[0-9a-f]{16}$/, 'must be an app id (wx and 16 hexadecimal digits)'),
  WECHAT_API_URL: origin.default('https://api.weixin.qq.com'),
  WECHAT_APP_SECRET: secret.optional(),
  WECHATPAY_URL: origin.default('https://api.mch.weixin.qq.com'),
  ...merchantShape,
  /** Lets the operator's other servers ask for access tokens; without it nobody may. */
  INTERNAL_KEY: z
    .string()
    .regex(/^[\w-]{32,128}$/, 'must be 32 to 128 letters, digits, - or _')
    .optional(),
  /** For demonstrations: the origin of a simulated WeChat that the H5 client signs in and pays with. */
  DEMO_WECHAT_URL: origin.optional(),
});

type Values = z.output<typeof schema>;

export type Settings = Omit<
  Values,
  keyof typeof merchantShape | keyof AccountValues | 'WECHATPAY_URL'
> &
  Accounts & {
    /** Our account with WeChat Pay, where there is one. */
    WECHATPAY: Merchant | undefined;
  };

/** What the chosen platforms need besides what is always needed. */
function missingSettings(values: Environment): MissingSetting[] {
  const isSecretMissing = values.LOGIN === 'wechat' && values.WECHAT_APP_SECRET === undefined;
  const missingSecret = { name: 'WECHAT_APP_SECRET', why: 'LOGIN=wechat needs it' };
  return [
    ...(isSecretMissing ? [missingSecret] : []),
    ...missingMerchantSettings(values),
    ...missingAccountSettings(values, accountUses(values)),
  ];
}

/** What the accounts are needed for. Left out, all is done through 旭宇. */
function accountUses(values: Environment): Parameters<typeof missingAccountSettings>[1] {
  const { CARDS = 'shingsou', LOGIN = 'shingsou', PAYMENT = 'shingsou', DEVICES } = values;
  const cards = CARDS.split(',').map((name) => name.trim());
  const shingsou = [
    ...(cards.includes('shingsou') ? ['CARDS=shingsou'] : []),
    ...(LOGIN === 'shingsou' ? ['LOGIN=shingsou'] : []),
    ...(PAYMENT === 'shingsou' ? ['PAYMENT=shingsou'] : []),
  ];
  return {
    ...(shingsou[0] !== undefined && { SHINGSOU: shingsou[0] }),
    ...(cards.includes('dakashi') && { DAKASHI: 'CARDS=dakashi' }),
    ...(DEVICES === 'mxchip' && { MXCHIP: 'DEVICES=mxchip' }),
  };
}

/** The faults that only several settings together have. */
function crossSettingFaults(values: Environment, faults: readonly string[]): string[] {
  // A file that cannot be read is a fault already.
  const isNamed = (name: string) => faults.some((fault) => fault.startsWith(`${name}_FILE`));
  return missingSettings(values)
    .filter(({ name }) => !isNamed(name))
    .map(({ name, why }) => `${name} is missing: ${why}`);
}

/** `X_FILE` names a file that holds the value of `X`. */
function readFiles(environment: Environment, faults: string[]): Environment {
  const values: Record<string, string | undefined> = { ...environment };
  for (const name of Object.keys(schema.shape)) {
    const path = environment[`${name}_FILE`];
    if (path === undefined) continue;
    if (environment[name] !== undefined) {
      faults.push(`${name} and ${name}_FILE are both set; keep one`);
      continue;
    }
    try {
      values[name] = readFileSync(path, 'utf8').trim();
    } catch {
      faults.push(`${name}_FILE: the file cannot be read`);
    }
  }
  return values;
}

function withoutEmptyValues(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/**
 * Reads all settings from the environment. Values never appear in the faults: they may be secrets.
 * @throws SettingsError naming every fault at once.
 */
export function readSettings(environment: Environment): Settings {
  const faults: string[] = [];
  const values = withoutEmptyValues(readFiles(environment, faults));
  const result = schema.safeParse(values);
  if (!result.success) {
    for (const { path, code, message } of result.error.issues) {
      const name = path.join('.');
      const missing = code === 'invalid_type' && values[name] === undefined;
      if (faults.some((fault) => fault.startsWith(name))) continue;
      faults.push(missing ? `${name} is missing` : `${name}: ${message}`);
    }
  }
  faults.push(...crossSettingFaults(values, faults));
  if (result.success) faults.push(...unpayableCardFaults(result.data));
  if (result.success && result.data.NODE_ENV === 'production') {
    faults.push(...productionFaults(result.data));
  }
  if (faults.length > 0 || !result.success) throw new SettingsError(faults);
  return {
    ...result.data,
    ...readAccounts(result.data),
    WECHATPAY: readMerchant(result.data),
  };
}

/** 旭宇's own channel takes money for its own packages alone. */
function unpayableCardFaults({ PAYMENT, CARDS }: Values): string[] {
  const others = CARDS.filter((name) => name !== PAYMENT);
  if (PAYMENT !== 'shingsou' || others.length === 0) return [];
  return [`PAYMENT=shingsou cannot be paid with for cards of ${others.join(', ')}: use wechatpay`];
}

function productionFaults(settings: Values): string[] {
  const faults: string[] = [];
  if (settings.DEMO_WECHAT_URL !== undefined) {
    faults.push('DEMO_WECHAT_URL: a simulated WeChat must not be used in production');
  }
  if (settings.PUBLIC_URL === undefined) {
    faults.push('PUBLIC_URL is missing: platforms send their notifications there');
  } else if (settings.PAYMENT === 'wechatpay' && !settings.PUBLIC_URL.startsWith('https:')) {
    faults.push('PUBLIC_URL: WeChat Pay sends its notifications to https addresses only');
  }
  return faults;
}
