import { randomUUID } from 'node:crypto';
import type { Channel, ChannelEvent } from '../faults/simulated/channel';
import {
  PlatformUnavailable,
  type ChannelNotification,
  type Outcome,
  type PaymentGateway,
  type RawNotification,
} from '../platforms/ports';

/**
 * What becomes of one call. A straggler arrives half a minute later; a process that dies takes what it
 * was about to write with it, before the call or after it was answered.
 */
export const fates = [
  'answered',
  'requestLost',
  'answerLost',
  'straggles',
  'diesBefore',
  'diesAfter',
  'refused',
] as const;
export type Fate = (typeof fates)[number];

const STRAGGLES_MS = 30_000;

export interface FickleGateway {
  port: PaymentGateway;
  /** What the next calls come to, in turn; those after them are answered. */
  fates: Fate[];
  /** The refunds that were asked for, by number, with every amount that was asked for. */
  asked: Map<string, Set<number>>;
  /** A notification as it arrives; the same event has one id. */
  notification(event: ChannelEvent): RawNotification;
}

/** The payment port over a simulated channel that signs, where each call can come to something else. */
export function createFickleGateway(
  channel: Channel,
  later: (ms: number, action: () => void) => void,
): FickleGateway {
  const coming: Fate[] = [];
  const asked = new Map<string, Set<number>>();
  const ids = new Map<ChannelEvent, string>();

  /** @returns undefined where no answer came */
  async function call<Answer>(fate: Fate, deal: () => Answer): Promise<Answer | undefined> {
    // Others get on while the call is under way.
    await Promise.resolve();
    switch (fate) {
      case 'requestLost':
        return undefined;
      case 'answerLost':
        deal();
        return undefined;
      case 'straggles':
        later(STRAGGLES_MS, deal);
        return undefined;
      case 'diesBefore':
        throw new Error('the process died');
      case 'diesAfter':
        deal();
        throw new Error('the process died');
      default:
        return deal();
    }
  }

  const nextFate = () => coming.shift() ?? 'answered';

  async function query<Answer>(deal: () => Answer): Promise<Answer> {
    const fate = nextFate();
    let answer: { is: Answer } | undefined;
    if (fate !== 'refused') answer = await call(fate, () => ({ is: deal() }));
    if (!answer) throw new PlatformUnavailable('no answer');
    return answer.is;
  }

  async function act<Done, Reason extends string>(
    deal: () => Outcome<Done, Reason>,
    reason: Reason,
  ): Promise<Outcome<Done, Reason>> {
    const fate = nextFate();
    if (fate === 'refused') return { outcome: 'refused', reason, message: 'refused' };
    return (await call(fate, deal)) ?? { outcome: 'unknown', message: 'no answer' };
  }

  const port: PaymentGateway = {
    name: channel.traits.name,
    delivers: false,
    createPayment: (order) => act(() => channel.create(order), 'rejected'),
    queryPayment: (number) => query(() => channel.query(number)),
    queryTransaction: (id) => query(() => channel.queryTransaction(id)),
    closePayment: (number) => act(() => channel.close(number), 'rejected'),
    refund: (order) => {
      const amounts = asked.get(order.refundNumber) ?? new Set<number>();
      asked.set(order.refundNumber, amounts.add(order.amount));
      return act(() => channel.refund(order), 'rejected');
    },
    queryRefund: (number) => query(() => channel.queryRefund(number)),
    readNotification: ({ body }) => {
      // Only `notification` writes them.
      const notification = JSON.parse(body.toString()) as ChannelNotification;
      return Promise.resolve({ outcome: 'taken', notification });
    },
    downloadBill: (day) => query(() => channel.bill(day)),
  };

  return {
    port,
    fates: coming,
    asked,
    notification: (event) => {
      const id = ids.get(event) ?? randomUUID();
      ids.set(event, id);
      const notification: ChannelNotification = { ...event, id, signed: true };
      return { headers: {}, body: Buffer.from(JSON.stringify(notification)) };
    },
  };
}
