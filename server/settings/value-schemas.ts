import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { LAST_DAY_OF_MONTH } from '@shared/billing-month';
import type { SettlementDay } from '@shared/billing-month';
import { carriers } from '@shared/carrier-status';
import { z } from 'zod';

/** The forms of values that several settings share. */

const PORT_MESSAGE = 'must be a port, 0 to 65535';
export const port = z.coerce
  .number(PORT_MESSAGE)
  .int(PORT_MESSAGE)
  .min(0, PORT_MESSAGE)
  .max(65_535, PORT_MESSAGE);

function isOrigin(text: string): boolean {
  const { pathname, search, hash, username } = new URL(text);
  return pathname === '/' && [search, hash, username].every((part) => part === '');
}

/** An http or https origin. Paths are appended to it, so a slash at its end is dropped. */
export const origin = z
  .url({ protocol: /^https?$/, abort: true })
  .refine(isOrigin, 'must be an origin without a path')
  .transform((text) => new URL(text).origin);

export const secret = z.string().min(8, 'must have at least 8 characters');

/** Line breaks of a PEM text may be written `\n`, for places that keep a setting in one line. */
function rsaKey(kind: string, parse: (pem: string) => KeyObject) {
  return z.string().transform((text, context): KeyObject => {
    try {
      const key = parse(text.replaceAll('\\n', '\n'));
      if (key.asymmetricKeyType === 'rsa') return key;
    } catch {
      // The parser's own message could quote the key.
    }
    context.addIssue(`must be an RSA ${kind} key in PEM`);
    return z.NEVER;
  });
}

/** @throws TypeError for a private key: it contains a public one, but was set here by mistake */
function parsePublicKey(pem: string): KeyObject {
  if (pem.includes('PRIVATE KEY')) throw new TypeError('a private key');
  return createPublicKey(pem);
}

export const rsaPrivateKey = rsaKey('private', createPrivateKey);
export const rsaPublicKey = rsaKey('public', parsePublicKey);

const API_V3_KEY_BYTES = 32;
/** WeChat Pay's APIv3 key: AES-256, so exactly 32 bytes. */
export const apiV3Key = z
  .string()
  .refine((text) => Buffer.byteLength(text) === API_V3_KEY_BYTES, 'must have exactly 32 bytes')
  .transform((text) => createSecretKey(text, 'utf8'));

const cardPlatforms = ['shingsou', 'dakashi'] as const;
/** Names of card platforms, separated by commas, each once. */
export const cardPlatformList = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(
    z
      .array(z.enum(cardPlatforms, `must name ${cardPlatforms.join(' or ')}, separated by commas`))
      .refine((names) => new Set(names).size === names.length, 'names a platform twice'),
  );

const SETTLEMENT_DAY = new RegExp(
  `^((?:${cardPlatforms.join('|')})(?::(?:${carriers.join('|')})|/[^,=\\s]{1,64})?)=(last|[1-9]|1\\d|2[0-8])$`,
);

function readSettlementDay(text: string): [subject: string, SettlementDay] | undefined {
  const [, subject, day] = SETTLEMENT_DAY.exec(text) ?? [];
  if (subject === undefined || day === undefined) return undefined;
  return [subject, day === 'last' ? LAST_DAY_OF_MONTH : Number(day)];
}

/**
 * Settlement days by subject, separated by commas. A subject is a platform, `<platform>:<carrier>` or
 * `<platform>/<package id>`.
 */
export const settlementDayList = z
  .string()
  .transform((text, context): ReadonlyMap<string, SettlementDay> => {
    const entries = text.split(',').map((entry) => readSettlementDay(entry.trim()));
    const known = entries.filter((entry) => entry !== undefined);
    const days = new Map(known);
    if (known.length === entries.length && days.size === entries.length) return days;
    context.addIssue(
      'must be like `dakashi:unicom=last,shingsou/130101=20`: each platform, carrier or package once, with a day from 1 to 28 or `last`',
    );
    return z.NEVER;
  });
