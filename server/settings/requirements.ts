import { accountNames, accountVariables } from './accounts';
import type { AccountName } from './accounts';
import type { ReadVariables } from './read-variables';
import type { Fault } from './settings-error';
import type { Values, VariableName } from './variables';

/** A variable that has to be set, and why. */
interface Requirement {
  variable: VariableName;
  /** Undefined: it is always required. */
  why?: string;
}

/** Faults that only several settings together have. Variables that are faulty already are not named again. */
export function findRequirementFaults(read: ReadVariables): Fault[] {
  const { values, isSet } = read;
  const missing = listRequirements(read)
    .filter(({ variable }) => !isSet(variable))
    .map(({ variable, why }) => ({
      variable,
      message: `${variable} is missing${why === undefined ? '' : `: ${why}`}`,
    }));
  const faults = [...missing, ...findUnpayableCards(values), ...findProductionFaults(values)];
  return faults.filter(({ variable }) => !isFaulty(variable, read));
}

function isFaulty(variable: string, { faults }: ReadVariables): boolean {
  return faults.some((fault) => fault.variable === variable);
}

function listRequirements({ values, isSet }: ReadVariables): Requirement[] {
  const requirements: Requirement[] = [{ variable: 'WECHAT_APP_ID' }];
  if (values.LOGIN === 'wechat') {
    requirements.push({ variable: 'WECHAT_APP_SECRET', why: 'LOGIN=wechat needs it' });
  }
  for (const account of accountNames) {
    const why = reasonForAccount(account, values, isSet);
    if (why === undefined) continue;
    requirements.push(...accountVariables[account].map((variable) => ({ variable, why })));
  }
  if (isSet('WECHATPAY_PUBLIC_KEY') || isSet('WECHATPAY_PUBLIC_KEY_ID')) {
    const why = 'a public key and its id go together';
    requirements.push(
      { variable: 'WECHATPAY_PUBLIC_KEY', why },
      { variable: 'WECHATPAY_PUBLIC_KEY_ID', why },
    );
  }
  return requirements;
}

/**
 * Why an account has to be complete: it is in use, or a part of it is set. Its older orders are still settled
 * after new ones go another way.
 */
function reasonForAccount(
  account: AccountName,
  values: Values,
  isSet: ReadVariables['isSet'],
): string | undefined {
  const use = useOfAccount(account, values);
  if (use !== undefined) return `${use} needs it`;
  // A merchant without its id is none; for the others any part counts.
  const parts =
    account === 'wechatpay' ? (['WECHATPAY_MCH_ID'] as const) : accountVariables[account];
  const part = parts.find(isSet);
  return part === undefined ? undefined : `it belongs to ${part}`;
}

/** The setting that an account is needed for, such as `CARDS=dakashi`. */
function useOfAccount(account: AccountName, values: Values): string | undefined {
  switch (account) {
    case 'shingsou':
      if (values.CARDS.includes('shingsou')) return 'CARDS=shingsou';
      if (values.LOGIN === 'shingsou') return 'LOGIN=shingsou';
      return values.PAYMENT === 'shingsou' ? 'PAYMENT=shingsou' : undefined;
    case 'dakashi':
      return values.CARDS.includes('dakashi') ? 'CARDS=dakashi' : undefined;
    case 'mxchip':
      return values.DEVICES === 'mxchip' ? 'DEVICES=mxchip' : undefined;
    case 'wechatpay':
      return values.PAYMENT === 'wechatpay' ? 'PAYMENT=wechatpay' : undefined;
  }
}

/** 旭宇's own channel takes money for its own packages only. */
function findUnpayableCards({ PAYMENT, CARDS }: Values): Fault[] {
  const others = CARDS.filter((name) => name !== 'shingsou');
  if (PAYMENT !== 'shingsou' || others.length === 0) return [];
  const message = `PAYMENT=shingsou takes no payment for cards of ${others.join(', ')}: use wechatpay`;
  return [{ variable: 'PAYMENT', message }];
}

function findProductionFaults(values: Values): Fault[] {
  if (values.NODE_ENV !== 'production') return [];
  const faults: Fault[] = [];
  if (values.DEMO_WECHAT_URL !== undefined) {
    const message = 'DEMO_WECHAT_URL: a simulated WeChat must not be used in production';
    faults.push({ variable: 'DEMO_WECHAT_URL', message });
  }
  if (values.PUBLIC_URL === undefined) {
    const message = 'PUBLIC_URL is missing: platforms send their notifications there';
    faults.push({ variable: 'PUBLIC_URL', message });
  } else if (values.PAYMENT === 'wechatpay' && !values.PUBLIC_URL.startsWith('https:')) {
    const message = 'PUBLIC_URL: WeChat Pay sends its notifications to https addresses only';
    faults.push({ variable: 'PUBLIC_URL', message });
  }
  return faults;
}
