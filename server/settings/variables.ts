import { z } from 'zod';
import {
  apiV3Key,
  cardPlatformList,
  origin,
  port,
  rsaPrivateKey,
  rsaPublicKey,
  secret,
  settlementDayList,
} from './value-schemas';

/**
 * Every environment variable the BFF reads, in groups. Each is described, and either optional or has a
 * default: which of them are required depends on the others (`requirements.ts`).
 */

const name = z.string().min(1);
/** Marks a setting whose value is never shown and is best given as a file (`X_FILE`). */
const confidential = { secret: true };

const listen = {
  HOST: name.default('127.0.0.1').describe('Address to listen on'),
  PORT: port.default(3000).describe('Port to listen on'),
  PUBLIC_URL: origin
    .optional()
    .describe(
      'Origin at which platforms reach this server for notifications. Required in production; else the listening address is used',
    ),
  TRUST_PROXY: z
    .enum(['0', '1'])
    .default('0')
    .describe('1 behind one proxy that adds the caller’s address to X-Forwarded-For'),
  RATE_LIMIT_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .default(1_200)
    .describe('Requests per minute allowed from one address'),
};

const server = {
  NODE_ENV: z
    .string()
    .default('development')
    .describe('production refuses DEMO_WECHAT_URL and requires PUBLIC_URL'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('Least severity that is logged'),
};

const store = {
  DATABASE_URL: z
    .string()
    .regex(
      /^(?:sqlite:.+|postgres(?:ql)?:\/\/\S+)$/,
      'must be sqlite:<path of a file> or postgres://<user>:<password>@<host>/<database>',
    )
    .default('sqlite:./data/liuka.db')
    .describe('`sqlite:<path of a file>` or `postgres://<user>:<password>@<host>/<database>`')
    .meta(confidential),
  UNSAFE_STORE: z
    .literal('paid orders may be lost')
    .optional()
    .describe('Starts on a store that can lose acknowledged writes; only this exact text does'),
};

const features = {
  LOGIN: z
    .enum(['shingsou', 'wechat'])
    .default('shingsou')
    .describe('Who exchanges login codes: 旭宇, or WeChat itself'),
  PAYMENT: z
    .enum(['shingsou', 'wechatpay'])
    .default('shingsou')
    .describe('Payment channel of new orders: 旭宇, or your own merchant account with WeChat Pay'),
  CARDS: cardPlatformList
    .prefault('shingsou')
    .describe(
      'Card platforms in the order they are queried, separated by commas. dakashi needs PAYMENT=wechatpay',
    ),
  DEVICES: z
    .enum(['none', 'mxchip'])
    .default('none')
    .describe('Device platform, where cards are in devices'),
  SETTLEMENT_DAYS: settlementDayList
    .optional()
    .describe(
      'Last days of billing months that differ from the carrier’s (中国移动 and 中国电信: the last day of a month; 中国联通: the 26th), such as `dakashi:unicom=last,shingsou/130101=20`: for a platform, a carrier on a platform, or a package. The most specific one counts',
    ),
};

const wechat = {
  WECHAT_APP_ID: z
    .string()
    .regex(/^wx[0-9a-f]{16}$/, 'must be an app id (wx and 16 hexadecimal digits)')
    .optional()
    .describe('App id of the mini-program. Always required'),
  WECHAT_APP_SECRET: secret
    .optional()
    .describe('Secret of the mini-program. Required by LOGIN=wechat')
    .meta(confidential),
  WECHAT_API_URL: origin.prefault('https://api.weixin.qq.com').describe('Origin of WeChat’s API'),
};

const shingsou = {
  SHINGSOU_IDS_URL: origin
    .prefault('https://ids.shingsou.com')
    .describe('Origin of 旭宇’s token server'),
  SHINGSOU_API_URL: origin
    .prefault('https://openapis.shingsou.com')
    .describe('Origin of 旭宇’s gateway'),
  SHINGSOU_CLIENT_ID: name.optional().describe('Client id of your application at 旭宇'),
  SHINGSOU_CLIENT_SECRET: secret
    .optional()
    .describe('Client secret of your application at 旭宇')
    .meta(confidential),
  SHINGSOU_SUBSCRIPTION_KEY: secret
    .optional()
    .describe('Subscription key for 旭宇’s gateway')
    .meta(confidential),
  SHINGSOU_SCOPE: name
    .default('iot.cardservice.all iot.paymentservice.all')
    .describe('Permissions to request, separated by spaces'),
  SHINGSOU_TOKEN_FORM: z
    .enum(['multipart', 'urlencoded', 'basic'])
    .default('multipart')
    .describe(
      'How the token is requested: multipart (旭宇’s document, client_Id), urlencoded (RFC 6749) or basic (the same, credentials in the Authorization header)',
    ),
};

const dakashi = {
  // The only address its document names; it has no TLS.
  DAKASHI_URL: origin.prefault('http://api.qwtong.me').describe('Origin of 大卡师'),
  DAKASHI_DIALECT: z
    .enum(['seed', '2017'])
    .default('seed')
    .describe('Version of 大卡师’s protocol: seed (February 2017, client_id) or 2017 (app_id)'),
  DAKASHI_CLIENT_ID: name.optional().describe('Id of your agent account at 大卡师'),
  DAKASHI_CLIENT_SECRET: secret
    .optional()
    .describe('Secret of your agent account at 大卡师')
    .meta(confidential),
};

const mxchip = {
  MXCHIP_URL: origin.optional().describe('Origin of 庆科; no public document names it'),
  MXCHIP_CLIENT_ID: name.optional().describe('Client id of your application at 庆科'),
  MXCHIP_CLIENT_SECRET: secret
    .optional()
    .describe('Client secret of your application at 庆科')
    .meta(confidential),
};

const wechatpay = {
  WECHATPAY_URL: origin
    .prefault('https://api.mch.weixin.qq.com')
    .describe('Origin of WeChat Pay’s API'),
  WECHATPAY_MCH_ID: z
    .string()
    .regex(/^\d{8,10}$/, 'must be a merchant id (8 to 10 digits)')
    .optional()
    .describe('Merchant id (商户号)'),
  WECHATPAY_SERIAL: z
    .string()
    .regex(/^[0-9A-Fa-f]{8,64}$/, 'must be the serial of the merchant certificate, in hexadecimal')
    .optional()
    .describe('Serial number of the merchant certificate, in hexadecimal'),
  WECHATPAY_PRIVATE_KEY: rsaPrivateKey
    .optional()
    .describe('Private key of the merchant certificate, in PEM')
    .meta(confidential),
  WECHATPAY_API_V3_KEY: apiV3Key
    .optional()
    .describe('APIv3 key, 32 bytes; decrypts notifications and platform certificates')
    .meta(confidential),
  WECHATPAY_PUBLIC_KEY: rsaPublicKey
    .optional()
    .describe('微信支付公钥, in PEM. Without it WeChat Pay’s platform certificates are used'),
  WECHATPAY_PUBLIC_KEY_ID: z
    .string()
    .regex(/^PUB_KEY_ID_[0-9A-Za-z]{1,64}$/, 'must be the id of the public key (PUB_KEY_ID_…)')
    .optional()
    .describe('Id of the 微信支付公钥'),
};

const others = {
  INTERNAL_KEY: z
    .string()
    .regex(/^[\w-]{32,128}$/, 'must be 32 to 128 letters, digits, - or _')
    .optional()
    .describe(
      'Lets your other servers request the platforms’ access tokens (/api/v1/internal/tokens). Without it that API is off',
    )
    .meta(confidential),
  DEMO_WECHAT_URL: origin
    .optional()
    .describe('Origin of a simulated WeChat, for demonstrations. Refused in production'),
};

export const variableGroups = {
  server,
  listen,
  store,
  features,
  wechat,
  shingsou,
  dakashi,
  mxchip,
  wechatpay,
  others,
};
export type GroupName = keyof typeof variableGroups;

export const variables = {
  ...server,
  ...listen,
  ...store,
  ...features,
  ...wechat,
  ...shingsou,
  ...dakashi,
  ...mxchip,
  ...wechatpay,
  ...others,
};
export type VariableName = keyof typeof variables;
/** The values that were read; what is neither set nor has a default is undefined. */
export type Values = z.output<z.ZodObject<typeof variables>>;

export const variableNames = Object.keys(variables) as readonly VariableName[];
