import type { CardPlatform, Outcome, PaymentGateway } from '../../platforms/ports';
import { PlatformBusy, PlatformUnavailable } from '../../platforms/ports';
import { shelf } from './card-provider';
import type { Channel } from './channel';
import type { Carried, Network } from './network';
import type { Numbering } from './plan';
import type { Platforms } from './platforms';
import type { Process } from './process';
import { readSealed } from './sealed';
import type { Trace } from './trace';
import type { Link } from './weather';

/** When the BFF gives a call up. */
const CALL_PATIENCE_MS = 10_000;

type Unknown = Extract<Outcome<never, never>, { outcome: 'unknown' }>;

/** What is said of one call, for those who watch. */
export interface CallReport {
  process: Process;
  link: Link;
  operation: string;
  orderNumber: string | undefined;
  result: 'asked' | 'answered' | 'unanswered';
}

export interface LineParts {
  process: Process;
  network: Network;
  trace: Trace;
  report: (call: CallReport) => void;
  /** Whether the access token there is void, and no other is to be had: then nothing is even asked. */
  isRevoked: (link: Link) => boolean;
}

/** A process's line to a platform: a step of the process before each call and after it. */
function createLine(link: Link, parts: LineParts) {
  const { process, network, trace, report } = parts;

  function carry<Answer>(what: string, deal: () => Answer): Promise<Carried<Answer>> {
    if (!parts.isRevoked(link)) return network.carry(link, what, CALL_PATIENCE_MS, deal);
    trace(() => `    ${what}: no token`);
    return Promise.resolve({ arrived: false });
  }

  async function call<Answer>(
    operation: string,
    orderNumber: string | undefined,
    deal: () => Answer,
  ): Promise<{ answer: Answer } | undefined> {
    await process.step();
    const tell = (result: CallReport['result']) =>
      report({ process, link, operation, orderNumber, result });
    const what = `${process.name} ${operation} ${orderNumber ?? ''}`.trimEnd();
    trace(() => `  ${what}`);
    tell('asked');
    const carried = await carry(what, deal);
    await process.step();
    trace(() => `  ${what}: ${carried.arrived ? JSON.stringify(carried.answer) : 'no answer'}`);
    tell(carried.arrived ? 'answered' : 'unanswered');
    return carried.arrived ? { answer: carried.answer } : undefined;
  }

  return {
    /** A question: no answer is an exception. */
    ask: async <Answer>(operation: string, about: string | undefined, deal: () => Answer) => {
      const result = await call(operation, about, deal);
      if (!result) throw new PlatformUnavailable(`${operation}: no answer`);
      return result.answer;
    },
    /** A call that may do something: no answer is unknown. */
    act: async <Answer>(
      operation: string,
      orderNumber: string,
      deal: () => Answer,
    ): Promise<Answer | Unknown> => {
      const result = await call(operation, orderNumber, deal);
      return result?.answer ?? { outcome: 'unknown', message: `${operation}: no answer` };
    },
  };
}

export interface GatewayKind {
  /** Whether paying makes the platform deliver, as with 旭宇; such a channel does not sign. */
  delivers: boolean;
}

/** The payment port of one process, filled by a simulated channel. */
export function createGatewayPort(
  channel: Channel,
  { delivers }: GatewayKind,
  parts: LineParts,
): PaymentGateway {
  const { ask, act } = createLine('channel', parts);
  const signs = !delivers;
  return {
    name: channel.traits.name,
    delivers,
    createPayment: (order) => act('createPayment', order.orderNumber, () => channel.create(order)),
    queryPayment: (number) => ask('queryPayment', number, () => channel.query(number)),
    ...(signs && {
      queryTransaction: (id: string) =>
        ask('queryTransaction', undefined, () => channel.queryTransaction(id)),
    }),
    closePayment: (number) => act('closePayment', number, () => channel.close(number)),
    refund: (order) => act('refund', order.orderNumber, () => channel.refund(order)),
    queryRefund: (number) =>
      ask('queryRefund', number.replace(/R\d+$/, ''), () => channel.queryRefund(number)),
    readNotification: (raw) => Promise.resolve(readSealed(signs, raw)),
    downloadBill: (day) => ask('downloadBill', undefined, () => channel.bill(day)),
  };
}

const BUSY = { outcome: 'busy' } as const;

/** The sides of the card platform that are seen from outside. */
type Door = Pick<Platforms, 'provider' | 'evidence' | 'isBusy'>;

/** The card port of one process, filled by a simulated provider. */
export function createCardsPort(
  { provider, evidence, isBusy }: Door,
  numbering: Numbering,
  parts: LineParts,
): CardPlatform {
  const { ask, act } = createLine('provider', parts);
  const isNumberless = numbering === 'none';
  return {
    name: 'shingsou',
    ordersOncePerNumber: numbering === 'once',
    find: (number) =>
      ask('find', undefined, () => {
        const { ref, iccid, accessNumber, carrier } = provider.report(number.value);
        return [{ ref, iccid, accessNumber, carrier }];
      }),
    report: (iccid) => ask('report', undefined, () => provider.report(iccid)),
    packagesOnSale: () => ask('packagesOnSale', undefined, () => shelf),
    ...(isNumberless && {
      packageSnapshot: (cardRef: string, packageId: string) =>
        ask('holdings', undefined, () => evidence.packageSnapshot(cardRef, packageId)),
    }),
    orderPackage: async (order) => {
      const deal = () => (isBusy() ? BUSY : provider.orderPackage(order));
      const result = await act('orderPackage', order.orderNumber, deal);
      if (result.outcome === 'busy') throw new PlatformBusy('orderPackage: too often');
      return result;
    },
    delivery: (order) =>
      ask('delivery', order.orderNumber, () =>
        isNumberless ? evidence.delivery(order) : provider.delivery(order.orderNumber),
      ),
    ordersOfDay: (day) =>
      isNumberless
        ? Promise.resolve(undefined)
        : ask('ordersOfDay', undefined, () => provider.ordersOfDay(day)),
  };
}
