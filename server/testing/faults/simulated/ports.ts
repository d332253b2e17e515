import {
  type CardPlatform,
  type Outcome,
  type PaymentGateway,
  PlatformBusy,
  PlatformUnavailable,
} from '../../../platforms/ports';
import { effectiveAt, monthPassed, paymentEnd } from '../../../platforms/effective-at';
import { CallTooLate, currentDeadline, startRequest } from '../../../platforms/call-deadline';
import { catalogue } from './card-provider';
import type { Channel } from './channel';
import type { Exchange, Network } from './network';
import type { Numbering } from './plan';
import type { Platforms } from './platforms';
import type { Process } from './process';
import { decodeNotification } from './simulated-notification';
import type { Trace } from './trace';
import type { Link } from './network-faults';

/** The BFF's timeout of a call to a platform. */
const CALL_TIMEOUT_MS = 10_000;

type Unknown = Extract<Outcome<never, never>, { outcome: 'unknown' }>;

/** One call of a process to a platform, as reported to the monitor. */
export interface CallReport {
  process: Process;
  link: Link;
  operation: string;
  orderNumber: string | undefined;
  result: 'sent' | 'answered' | 'unanswered';
}

export interface PlatformLinkParts {
  process: Process;
  network: Network;
  trace: Trace;
  report: (call: CallReport) => void;
  /** Whether the access token is revoked and no other can be had: then no request is sent. */
  isRevoked: (link: Link) => boolean;
  /** A call was not sent because its intent had expired. */
  onTooLate: () => void;
}

/** A process's connection to a platform: each call is a step of the process before it and after it. */
function createPlatformLink(link: Link, parts: PlatformLinkParts) {
  const { process, network, trace, report } = parts;

  function carry<Answer>(what: string, handle: () => Answer): Promise<Exchange<Answer>> {
    if (!parts.isRevoked(link)) return network.carry(link, what, CALL_TIMEOUT_MS, handle);
    trace(() => `    ${what}: no token`);
    return Promise.resolve({ arrived: false });
  }

  /** As the HTTP client does, last before a request is sent. */
  function isInTime(what: string): boolean {
    try {
      startRequest(currentDeadline());
      return true;
    } catch (error) {
      if (!(error instanceof CallTooLate)) throw error;
      trace(() => `  ${what}: too late, not sent`);
      parts.onTooLate();
      return false;
    }
  }

  async function call<Answer>(
    operation: string,
    orderNumber: string | undefined,
    handle: () => Answer,
    isWrite = false,
  ): Promise<{ answer: Answer } | undefined> {
    await process.step(isWrite);
    const reportResult = (result: CallReport['result']) =>
      report({ process, link, operation, orderNumber, result });
    const what = `${process.name} ${operation} ${orderNumber ?? ''}`.trimEnd();
    trace(() => `  ${what}`);
    if (isWrite && !isInTime(what)) return undefined;
    reportResult('sent');
    const exchange = await carry(what, handle);
    await process.step();
    trace(() => `  ${what}: ${exchange.arrived ? JSON.stringify(exchange.answer) : 'no response'}`);
    reportResult(exchange.arrived ? 'answered' : 'unanswered');
    return exchange.arrived ? { answer: exchange.answer } : undefined;
  }

  return {
    /** A call without side effects. @throws PlatformUnavailable without a response */
    query: async <Answer>(operation: string, about: string | undefined, handle: () => Answer) => {
      const result = await call(operation, about, handle);
      if (!result) throw new PlatformUnavailable(`${operation}: no response`);
      return result.answer;
    },
    /** A call with side effects: without a response its outcome is unknown. */
    execute: async <Answer>(
      operation: string,
      orderNumber: string,
      handle: () => Answer,
    ): Promise<Answer | Unknown> => {
      const result = await call(operation, orderNumber, handle, true);
      return result?.answer ?? { outcome: 'unknown', message: `${operation}: no response` };
    },
  };
}

export interface GatewayKind {
  /** Whether a payment makes the platform deliver, as with 旭宇. Such a channel does not sign notifications. */
  delivers: boolean;
  /** The time by which the platform starts packages, epoch ms. */
  now: () => number;
}

/** The payment port of one process on a simulated channel. */
export function createGatewayPort(
  channel: Channel,
  { delivers, now }: GatewayKind,
  parts: PlatformLinkParts,
): PaymentGateway {
  const { query, execute } = createPlatformLink('channel', parts);
  const signs = !delivers;
  return {
    name: channel.traits.name,
    deliversOnPayment: delivers,
    createPayment: async (order) => {
      if (!delivers)
        return execute('createPayment', order.orderNumber, () => channel.create(order));
      const effective = effectiveAt(order, now());
      if (effective === undefined) return monthPassed;
      const request = { ...order, effective, payBefore: paymentEnd(order, now()) };
      return execute('createPayment', order.orderNumber, () => channel.create(request));
    },
    queryPayment: (number) => query('queryPayment', number, () => channel.query(number)),
    ...(signs && {
      queryTransaction: (id: string) =>
        query('queryTransaction', undefined, () => channel.queryTransaction(id)),
      findRefund: (number: string) =>
        query('findRefund', undefined, () => channel.findRefund(number)),
    }),
    closePayment: (number) => execute('closePayment', number, () => channel.close(number)),
    refund: (order) => execute('refund', order.orderNumber, () => channel.refund(order)),
    queryRefund: (number) =>
      query('queryRefund', number.replace(/R\d+$/, ''), () => channel.queryRefund(number)),
    readNotification: (raw) => Promise.resolve(decodeNotification(signs, raw)),
    acknowledgement: {},
    downloadBill: (day) => query('downloadBill', undefined, () => channel.bill(day)),
  };
}

const BUSY = { outcome: 'busy' } as const;

/** The parts of the card platform that are visible from outside. */
type ProviderSide = Pick<Platforms, 'provider' | 'evidence' | 'isBusy' | 'now'>;

/** The card port of one process on a simulated provider. */
export function createCardsPort(
  { provider, evidence, isBusy, now }: ProviderSide,
  numbering: Numbering,
  parts: PlatformLinkParts,
): CardPlatform {
  const { query, execute } = createPlatformLink('provider', parts);
  const acceptsNoNumbers = numbering === 'none';
  return {
    name: 'shingsou',
    idempotentOrders: numbering === 'idempotent',
    find: (number) =>
      query('find', undefined, () => {
        const { ref, iccid, accessNumber, carrier } = provider.report(number.value);
        return [{ ref, iccid, accessNumber, carrier }];
      }),
    report: (iccid) => query('report', undefined, () => provider.report(iccid)),
    packagesOnSale: () => query('packagesOnSale', undefined, () => catalogue),
    ...(acceptsNoNumbers && {
      packageSnapshot: (cardRef: string, packageId: string) =>
        query('packageSnapshot', undefined, () => evidence.packageSnapshot(cardRef, packageId)),
    }),
    orderPackage: async (order) => {
      const effective = effectiveAt(order, now());
      if (effective === undefined) return monthPassed;
      const handle = () => (isBusy() ? BUSY : provider.orderPackage(order, effective));
      const result = await execute('orderPackage', order.orderNumber, handle);
      if (result.outcome === 'busy') throw new PlatformBusy('orderPackage: rate limited');
      return result;
    },
    delivery: (order) =>
      query('delivery', order.orderNumber, () =>
        acceptsNoNumbers ? evidence.delivery(order) : provider.delivery(order.orderNumber),
      ),
    ordersOfDay: (day) =>
      acceptsNoNumbers
        ? Promise.resolve(undefined)
        : query('ordersOfDay', undefined, () => provider.ordersOfDay(day)),
  };
}
