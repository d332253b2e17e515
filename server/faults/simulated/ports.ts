import type {
  CardPlatform,
  ChannelNotification,
  NotificationReading,
  Outcome,
  PaymentGateway,
  RawNotification,
} from '../../platforms/ports';
import { PlatformUnavailable } from '../../platforms/ports';
import type { CardProvider } from './card-provider';
import { shelf } from './card-provider';
import type { Channel } from './channel';
import type { Network } from './network';
import type { Process } from './process';
import type { Trace } from './trace';
import type { Link } from './weather';

/** When the BFF gives a call up. */
const CALL_PATIENCE_MS = 10_000;

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
}

/** A process's line to a platform: a step of the process before each call and after it. */
function createLine(link: Link, { process, network, trace, report }: LineParts) {
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
    const carried = await network.carry(link, what, CALL_PATIENCE_MS, deal);
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
    act: async <Done, Reason extends string>(
      operation: string,
      orderNumber: string,
      deal: () => Outcome<Done, Reason>,
    ): Promise<Outcome<Done, Reason>> => {
      const result = await call(operation, orderNumber, deal);
      return result?.answer ?? { outcome: 'unknown', message: `${operation}: no answer` };
    },
  };
}

/** A notification as simulated channels send it; its seal stands for the signature. */
export interface SealedNotification extends Omit<ChannelNotification, 'signed'> {
  seal: 'genuine' | 'forged' | 'none';
}

export function sealNotification(notification: SealedNotification): RawNotification {
  return { headers: {}, body: Buffer.from(JSON.stringify(notification)) };
}

function readSealed(signs: boolean, { body }: RawNotification): NotificationReading {
  // Only `sealNotification` writes them.
  const { seal, ...rest } = JSON.parse(body.toString()) as SealedNotification;
  if (signs && seal !== 'genuine') {
    return { outcome: 'refused', reason: 'notification.signature_invalid', message: seal };
  }
  const transactionId = signs ? rest.transactionId : null;
  return { outcome: 'taken', notification: { ...rest, transactionId, signed: signs } };
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

/** The card port of one process, filled by a simulated provider. */
export function createCardsPort(
  provider: CardProvider,
  ordersOncePerNumber: boolean,
  parts: LineParts,
): CardPlatform {
  const { ask, act } = createLine('provider', parts);
  return {
    name: 'shingsou',
    ordersOncePerNumber,
    find: (number) =>
      ask('find', undefined, () => {
        const { ref, iccid, accessNumber, carrier } = provider.report(number.value);
        return [{ ref, iccid, accessNumber, carrier }];
      }),
    report: (iccid) => ask('report', undefined, () => provider.report(iccid)),
    packagesOnSale: () => ask('packagesOnSale', undefined, () => shelf),
    orderPackage: (order) =>
      act('orderPackage', order.orderNumber, () => provider.orderPackage(order)),
    delivery: ({ orderNumber }) =>
      ask('delivery', orderNumber, () => provider.delivery(orderNumber)),
    ordersOfDay: (day) => ask('ordersOfDay', undefined, () => provider.ordersOfDay(day)),
  };
}
