import type { SettlementDay } from '@shared/billing-month';
import { accountVariables, readAccounts } from './accounts';
import type { AccountName, Accounts } from './accounts';
import type { Environment } from './read-variables';
import { readVariables } from './read-variables';
import { findRequirementFaults } from './requirements';
import { SettingsError } from './settings-error';
import { findUnknownVariables } from './unknown-variables';
import { variableGroups, variableNames } from './variables';
import type { Values, VariableName } from './variables';

export type { Environment } from './read-variables';
export { SettingsError } from './settings-error';

/** The settings as the program uses them, in groups. */
export type Settings = ReturnType<typeof groupValues>;

function groupValues(values: Values, appId: string) {
  return {
    listen: {
      host: values.HOST,
      port: values.PORT,
      /** Origin at which platforms reach us; undefined: the listening address. */
      publicUrl: values.PUBLIC_URL,
      trustProxy: values.TRUST_PROXY === '1',
      requestsPerMinute: values.RATE_LIMIT_PER_MINUTE,
    },
    log: { level: values.LOG_LEVEL },
    store: {
      databaseUrl: values.DATABASE_URL,
      acceptDataLoss: values.UNSAFE_STORE !== undefined,
    },
    login: { provider: values.LOGIN },
    payment: { channel: values.PAYMENT },
    /** The card platforms, in the order they are queried. */
    cards: { platforms: values.CARDS },
    /** Settlement days that differ from the carriers', by platform, carrier on a platform, or package. */
    settlementDays: values.SETTLEMENT_DAYS ?? new Map<string, SettlementDay>(),
    devices: { platform: values.DEVICES },
    wechat: {
      appId,
      appSecret: values.WECHAT_APP_SECRET,
      apiUrl: values.WECHAT_API_URL,
    },
    internal: { key: values.INTERNAL_KEY },
    demo: { wechatUrl: values.DEMO_WECHAT_URL },
    ...readAccounts(values),
  };
}

/**
 * Reads all settings from the environment.
 * @throws SettingsError naming every fault at once, never a value
 */
export function readSettings(environment: Environment): Settings {
  const read = readVariables(variableNames, environment);
  const faults = [
    ...read.faults,
    ...findRequirementFaults(read),
    ...findUnknownVariables(environment),
  ];
  const appId = read.values.WECHAT_APP_ID;
  if (faults.length > 0 || appId === undefined) throw toError(faults);
  return groupValues(read.values, appId);
}

/**
 * Reads the account with one platform, for commands that need nothing else.
 * @throws SettingsError naming every fault at once, never a value
 */
export function readAccount<Name extends AccountName>(
  name: Name,
  environment: Environment,
): NonNullable<Accounts[Name]> {
  return readParts(name, environment, { required: [], optional: [] }).account;
}

/**
 * Reads the account with one platform, with the mini-program and address it works for.
 * @throws SettingsError naming every fault at once, never a value
 */
export function readShopAccount<Name extends AccountName>(name: Name, environment: Environment) {
  const extra = { required: ['WECHAT_APP_ID'], optional: ['PUBLIC_URL'] } as const;
  const { account, values } = readParts(name, environment, extra);
  return { account, appId: values.WECHAT_APP_ID ?? '', publicUrl: values.PUBLIC_URL };
}

/**
 * Reads where the store is.
 * @throws SettingsError
 */
export function readDatabaseUrl(environment: Environment): string {
  const { values, faults } = readVariables(['DATABASE_URL'], environment);
  if (faults.length > 0) throw toError(faults);
  return values.DATABASE_URL;
}

interface ExtraVariables {
  required: readonly VariableName[];
  optional: readonly VariableName[];
}

function readParts<Name extends AccountName>(
  name: Name,
  environment: Environment,
  extra: ExtraVariables,
) {
  const own = Object.keys(variableGroups[name]) as VariableName[];
  const read = readVariables([...own, ...extra.required, ...extra.optional], environment);
  const required: readonly VariableName[] = [...accountVariables[name], ...extra.required];
  const missing = required.filter((variable) => !read.isSet(variable));
  const faults = [
    ...read.faults,
    ...missing.map((variable) => ({ variable, message: `${variable} is missing` })),
    ...findUnknownVariables(environment, `${name.toUpperCase()}_`),
  ];
  const account = readAccounts(read.values)[name];
  if (faults.length > 0 || !account) throw toError(faults);
  return { account, values: read.values };
}

function toError(faults: readonly { message: string }[]): SettingsError {
  return new SettingsError(faults.map(({ message }) => message));
}
