import { z } from 'zod';
import type { MissingSetting } from './setting-schemas';
import { origin, secret } from './setting-schemas';

/** The shop's accounts with the platforms of others. */

export interface ShingsouAccount {
  /** Origins of the token server and the gateway. */
  idsUrl: string;
  apiUrl: string;
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  /** Permissions asked for, separated by spaces. */
  scope: string;
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

export interface Accounts {
  SHINGSOU: ShingsouAccount | undefined;
  DAKASHI: DakashiAccount | undefined;
  MXCHIP: MxchipAccount | undefined;
}

const name = z.string().min(1);

/** The settings of the accounts, each by itself; `missingAccountSettings` says which must be there. */
export const accountShape = {
  SHINGSOU_IDS_URL: origin.default('https://ids.shingsou.com'),
  SHINGSOU_API_URL: origin.default('https://openapis.shingsou.com'),
  SHINGSOU_CLIENT_ID: name.optional(),
  SHINGSOU_CLIENT_SECRET: secret.optional(),
  SHINGSOU_SUBSCRIPTION_KEY: secret.optional(),
  SHINGSOU_SCOPE: name.default('iot.cardservice.all iot.paymentservice.all'),
  // The address of the document, which knows no other: without TLS.
  DAKASHI_URL: origin.default('http://api.qwtong.me'),
  DAKASHI_DIALECT: z.enum(['seed', '2017']).default('seed'),
  DAKASHI_CLIENT_ID: name.optional(),
  DAKASHI_CLIENT_SECRET: secret.optional(),
  MXCHIP_URL: origin.optional(),
  MXCHIP_CLIENT_ID: name.optional(),
  MXCHIP_CLIENT_SECRET: secret.optional(),
};

export type AccountValues = z.output<z.ZodObject<typeof accountShape>>;

/** What each account cannot do without. */
const requiredSettings: Readonly<Record<keyof Accounts, readonly (keyof AccountValues)[]>> = {
  SHINGSOU: ['SHINGSOU_CLIENT_ID', 'SHINGSOU_CLIENT_SECRET', 'SHINGSOU_SUBSCRIPTION_KEY'],
  DAKASHI: ['DAKASHI_CLIENT_ID', 'DAKASHI_CLIENT_SECRET'],
  MXCHIP: ['MXCHIP_URL', 'MXCHIP_CLIENT_ID', 'MXCHIP_CLIENT_SECRET'],
};

const accountNames = [
  'SHINGSOU',
  'DAKASHI',
  'MXCHIP',
] as const satisfies readonly (keyof Accounts)[];

type RawValues = Readonly<Record<string, string | undefined>>;

/**
 * What accounts lack: those that something is done through are wanted whole, and so are those of which a
 * part is there, for orders of before are still settled with them.
 * @param uses which setting needs an account, such as `CARDS=dakashi`
 */
export function missingAccountSettings(
  values: RawValues,
  uses: Readonly<Partial<Record<keyof Accounts, string>>>,
): MissingSetting[] {
  return accountNames.flatMap((account) => {
    const missing = requiredSettings[account].filter((setting) => values[setting] === undefined);
    const use = uses[account];
    if (use !== undefined)
      return missing.map((setting) => ({ name: setting, why: `${use} needs it` }));
    const first = requiredSettings[account].find((setting) => values[setting] !== undefined);
    return first === undefined
      ? []
      : missing.map((setting) => ({ name: setting, why: `it belongs to ${first}` }));
  });
}

/** The accounts that are there whole. */
export function readAccounts(values: AccountValues): Accounts {
  return {
    SHINGSOU: readShingsou(values),
    DAKASHI: readDakashi(values),
    MXCHIP: readMxchip(values),
  };
}

function readShingsou(values: AccountValues): ShingsouAccount | undefined {
  const { SHINGSOU_CLIENT_ID: clientId, SHINGSOU_CLIENT_SECRET: clientSecret } = values;
  const { SHINGSOU_SUBSCRIPTION_KEY: subscriptionKey } = values;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  if (subscriptionKey === undefined) return undefined;
  return {
    ...{ clientId, clientSecret, subscriptionKey, scope: values.SHINGSOU_SCOPE },
    ...{ idsUrl: values.SHINGSOU_IDS_URL, apiUrl: values.SHINGSOU_API_URL },
  };
}

function readDakashi(values: AccountValues): DakashiAccount | undefined {
  const { DAKASHI_CLIENT_ID: clientId, DAKASHI_CLIENT_SECRET: clientSecret } = values;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return { url: values.DAKASHI_URL, dialect: values.DAKASHI_DIALECT, clientId, clientSecret };
}

function readMxchip(values: AccountValues): MxchipAccount | undefined {
  const {
    MXCHIP_URL: url,
    MXCHIP_CLIENT_ID: clientId,
    MXCHIP_CLIENT_SECRET: clientSecret,
  } = values;
  if (url === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  return { url, clientId, clientSecret };
}
