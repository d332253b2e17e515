import { createHash, timingSafeEqual } from 'node:crypto';
import type { Simulator } from '../simulator';
import type { DakashiSimulator } from './simulator';
import { errorReply, type Reply } from './reply';

/** The fields of a request's JSON body. */
export type Fields = Readonly<Record<string, unknown>>;

/** An authenticated request. */
export interface AuthenticatedRequest {
  fields: Fields;
  /** The document that the caller follows; the older one has `client_id`. */
  dialect: 'seed' | '2017';
}

/** The minimum interval between calls about the same card, in real ms. The figure is our assumption. */
const MIN_INTERVAL_MS = 25;

/** The document's signature algorithm, implemented independently of the adapter's. */
function signatureOf(fields: Fields, secret: string): string {
  const names = Object.keys(fields).filter((name) => name !== 'sign');
  names.sort((one, other) => Buffer.from(one).compare(Buffer.from(other)));
  const query = names.map((name) => `${name}=${String(fields[name])}`).join('&');
  return createHash('sha1').update(query).update(secret).digest('hex').toUpperCase();
}

function isSameSignature(actual: unknown, expected: string): boolean {
  if (typeof actual !== 'string' || actual.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(actual), Buffer.from(expected));
}

function secondsOf(timestamp: unknown): number {
  return typeof timestamp === 'number' || typeof timestamp === 'string' ? Number(timestamp) : NaN;
}

/** 误差在五分钟之内. */
const MAX_CLOCK_SKEW_MS = 5 * 60_000;

/** By sandbox time, or by real time for a caller whose clock was not moved. */
function isFresh({ now, realNow }: Simulator, seconds: number): boolean {
  return [now(), realNow()].some((time) => Math.abs(time - seconds * 1000) < MAX_CLOCK_SKEW_MS);
}

/** Checks the interval between calls about the same card. */
function createIntervalCheck(now: () => number): (subject: string) => boolean {
  const last = new Map<string, number>();
  return (subject) => {
    const before = last.get(subject);
    last.set(subject, now());
    return before === undefined || now() - before >= MIN_INTERVAL_MS || now() < before;
  };
}

export interface Authenticator {
  /** Authenticates a request, or returns why it is refused. It has no effect otherwise. */
  authenticate(
    path: string,
    body: unknown,
  ): { admitted: AuthenticatedRequest } | { refusal: Reply };
}

function isFields(body: unknown): body is Fields {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

/** Checks account, time stamp, signature and interval, in this order. */
export function createAuthenticator({ simulator, account }: DakashiSimulator): Authenticator {
  const isIntervalKept = createIntervalCheck(() => simulator.realNow());

  function requestError(path: string, fields: Fields): Reply | undefined {
    const { dakashiRefuses } = simulator.state.faults;
    if (dakashiRefuses !== null) return errorReply(dakashiRefuses);
    if ((fields.client_id ?? fields.app_id) !== account.clientId) return errorReply(55001);
    if (!isFresh(simulator, secondsOf(fields.timestamp))) return errorReply(55006);
    if (!isSameSignature(fields.sign, signatureOf(fields, account.clientSecret)))
      return errorReply(55004);
    const subject = JSON.stringify([path, fields.serial_no, fields.order_no]);
    return isIntervalKept(subject) ? undefined : errorReply(55012);
  }

  return {
    authenticate(path, body) {
      if (!isFields(body)) return { refusal: errorReply(50000) };
      const error = requestError(path, body);
      if (error) return { refusal: error };
      return { admitted: { fields: body, dialect: 'client_id' in body ? 'seed' : '2017' } };
    },
  };
}
