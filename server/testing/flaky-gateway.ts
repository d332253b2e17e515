import { randomUUID } from 'node:crypto';
import type { Channel, ChannelEvent } from './faults/simulated/channel';
import {
  PlatformUnavailable,
  type ChannelNotification,
  type Outcome,
  type PaymentGateway,
  type RawNotification,
} from '../platforms/ports';

/**
 * The outcome of one call. A straggler arrives half a minute later. A process can die before the call or
 * after its response, and loses what it was about to write.
 */
export const callOutcomes = [
  'answered',
  'requestLost',
  'answerLost',
  'straggles',
  'diesBefore',
  'diesAfter',
  'refused',
] as const;
export type CallOutcome = (typeof callOutcomes)[number];

const STRAGGLER_DELAY_MS = 30_000;

export interface FlakyGateway {
  port: PaymentGateway;
  /** The outcomes of the next calls in turn; further calls succeed. */
  nextOutcomes: CallOutcome[];
  /** The requested refunds by number, with every amount that was requested. */
  requestedRefunds: Map<string, Set<number>>;
  /** The notification of an event; repeated ones have the same id. */
  notification(event: ChannelEvent): RawNotification;
}

/** The payment port on a simulated channel that signs, where the test sets the outcome of each call. */
export function createFlakyGateway(
  channel: Channel,
  later: (ms: number, action: () => void) => void,
): FlakyGateway {
  const nextOutcomes: CallOutcome[] = [];
  const requestedRefunds = new Map<string, Set<number>>();
  const ids = new Map<ChannelEvent, string>();

  /** @returns undefined without a response */
  async function call<Answer>(
    callOutcome: CallOutcome,
    handle: () => Answer,
  ): Promise<Answer | undefined> {
    // Lets other work run while the call is in flight.
    await Promise.resolve();
    switch (callOutcome) {
      case 'requestLost':
        return undefined;
      case 'answerLost':
        handle();
        return undefined;
      case 'straggles':
        later(STRAGGLER_DELAY_MS, handle);
        return undefined;
      case 'diesBefore':
        throw new Error('the process died');
      case 'diesAfter':
        handle();
        throw new Error('the process died');
      default:
        return handle();
    }
  }

  const nextOutcome = () => nextOutcomes.shift() ?? 'answered';

  async function query<Answer>(handle: () => Answer): Promise<Answer> {
    const callOutcome = nextOutcome();
    let answer: { is: Answer } | undefined;
    if (callOutcome !== 'refused') answer = await call(callOutcome, () => ({ is: handle() }));
    if (!answer) throw new PlatformUnavailable('no answer');
    return answer.is;
  }

  async function execute<Done, Reason extends string>(
    handle: () => Outcome<Done, Reason>,
    reason: Reason,
  ): Promise<Outcome<Done, Reason>> {
    const callOutcome = nextOutcome();
    if (callOutcome === 'refused') return { outcome: 'refused', reason, message: 'refused' };
    return (await call(callOutcome, handle)) ?? { outcome: 'unknown', message: 'no answer' };
  }

  const port: PaymentGateway = {
    name: channel.traits.name,
    deliversOnPayment: false,
    createPayment: (order) => execute(() => channel.create(order), 'rejected'),
    queryPayment: (number) => query(() => channel.query(number)),
    queryTransaction: (id) => query(() => channel.queryTransaction(id)),
    closePayment: (number) => execute(() => channel.close(number), 'rejected'),
    refund: (order) => {
      const amounts = requestedRefunds.get(order.refundNumber) ?? new Set<number>();
      requestedRefunds.set(order.refundNumber, amounts.add(order.amount));
      return execute(() => channel.refund(order), 'rejected');
    },
    queryRefund: (number) => query(() => channel.queryRefund(number)),
    readNotification: ({ body }) => {
      // Written by `notification` only.
      const notification = JSON.parse(body.toString()) as ChannelNotification;
      return Promise.resolve({ outcome: 'taken', notification });
    },
    acknowledgement: {},
    downloadBill: (day) => query(() => channel.bill(day)),
  };

  return {
    port,
    nextOutcomes,
    requestedRefunds,
    notification: (event) => {
      const id = ids.get(event) ?? randomUUID();
      ids.set(event, id);
      const notification: ChannelNotification = { ...event, id, signed: true };
      return { headers: {}, body: Buffer.from(JSON.stringify(notification)) };
    },
  };
}
