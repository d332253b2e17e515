import type { KeyObject } from 'node:crypto';
import type { Values, VariableName } from './variables';

/** The shop's accounts with the platforms. */

export interface ShingsouAccount {
  /** Origin of the token server. */
  idsUrl: string;
  /** Origin of the gateway. */
  apiUrl: string;
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  /** Permissions to request, separated by spaces. */
  scope: string;
  /** How the access token is requested. */
  tokenForm: 'multipart' | 'urlencoded' | 'basic';
}

export interface DakashiAccount {
  /** Origin of the platform. */
  url: string;
  dialect: 'seed' | '2017';
  clientId: string;
  clientSecret: string;
}

export interface MxchipAccount {
  /** Origin of the platform. */
  url: string;
  clientId: string;
  clientSecret: string;
}

/** A merchant account with WeChat Pay, its keys parsed. */
export interface Merchant {
  /** Origin of WeChat Pay. */
  url: string;
  mchId: string;
  /** Serial of the merchant's certificate. */
  serial: string;
  privateKey: KeyObject;
  /** The 32 bytes that notifications and platform certificates are encrypted with. */
  apiV3Key: KeyObject;
  /** The 微信支付公钥; undefined for a merchant that still uses platform certificates. */
  publicKey: { id: string; key: KeyObject } | undefined;
}

export interface Accounts {
  shingsou: ShingsouAccount | undefined;
  dakashi: DakashiAccount | undefined;
  mxchip: MxchipAccount | undefined;
  wechatpay: Merchant | undefined;
}
export type AccountName = keyof Accounts;

/** The variables that an account cannot do without. */
export const accountVariables = {
  shingsou: ['SHINGSOU_CLIENT_ID', 'SHINGSOU_CLIENT_SECRET', 'SHINGSOU_SUBSCRIPTION_KEY'],
  dakashi: ['DAKASHI_CLIENT_ID', 'DAKASHI_CLIENT_SECRET'],
  mxchip: ['MXCHIP_URL', 'MXCHIP_CLIENT_ID', 'MXCHIP_CLIENT_SECRET'],
  wechatpay: [
    'WECHATPAY_MCH_ID',
    'WECHATPAY_SERIAL',
    'WECHATPAY_PRIVATE_KEY',
    'WECHATPAY_API_V3_KEY',
  ],
} as const satisfies Record<AccountName, readonly VariableName[]>;

export const accountNames = Object.keys(accountVariables) as readonly AccountName[];

/** Each account of the values; undefined if one of its required variables is missing. */
export function readAccounts(values: Values): Accounts {
  return {
    shingsou: readShingsou(values),
    dakashi: readDakashi(values),
    mxchip: readMxchip(values),
    wechatpay: readMerchant(values),
  };
}

function readShingsou(values: Values): ShingsouAccount | undefined {
  const clientId = values.SHINGSOU_CLIENT_ID;
  const clientSecret = values.SHINGSOU_CLIENT_SECRET;
  const subscriptionKey = values.SHINGSOU_SUBSCRIPTION_KEY;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  if (subscriptionKey === undefined) return undefined;
  return {
    idsUrl: values.SHINGSOU_IDS_URL,
    apiUrl: values.SHINGSOU_API_URL,
    clientId,
    clientSecret,
    subscriptionKey,
    scope: values.SHINGSOU_SCOPE,
    tokenForm: values.SHINGSOU_TOKEN_FORM,
  };
}

function readDakashi(values: Values): DakashiAccount | undefined {
  const clientId = values.DAKASHI_CLIENT_ID;
  const clientSecret = values.DAKASHI_CLIENT_SECRET;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return { url: values.DAKASHI_URL, dialect: values.DAKASHI_DIALECT, clientId, clientSecret };
}

function readMxchip(values: Values): MxchipAccount | undefined {
  const url = values.MXCHIP_URL;
  const clientId = values.MXCHIP_CLIENT_ID;
  const clientSecret = values.MXCHIP_CLIENT_SECRET;
  if (url === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  return { url, clientId, clientSecret };
}

function readMerchant(values: Values): Merchant | undefined {
  const mchId = values.WECHATPAY_MCH_ID;
  const serial = values.WECHATPAY_SERIAL;
  const privateKey = values.WECHATPAY_PRIVATE_KEY;
  const apiV3Key = values.WECHATPAY_API_V3_KEY;
  if (mchId === undefined || serial === undefined) return undefined;
  if (privateKey === undefined || apiV3Key === undefined) return undefined;
  const publicKey = readPublicKeyPair(values);
  return { url: values.WECHATPAY_URL, mchId, serial, privateKey, apiV3Key, publicKey };
}

function readPublicKeyPair(values: Values): Merchant['publicKey'] {
  const { WECHATPAY_PUBLIC_KEY: key, WECHATPAY_PUBLIC_KEY_ID: id } = values;
  return key === undefined || id === undefined ? undefined : { id, key };
}
