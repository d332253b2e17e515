import { PlatformBusy, PlatformUnavailable } from '../../platforms/ports';
import type { CardPlatform, Outcome, PackageOrder, PlacedOrder } from '../../platforms/ports';

/** The process that was calling is no more; what it would have written is not written. */
export class ProcessCrashed extends Error {}

/** What becomes of a recharge that is asked for. */
export const rechargeOutcomes = [
  'accepted',
  'acceptedUnnamed',
  'refused',
  'turnedAway',
  'requestLost',
  'answerLost',
  'diesBefore',
  'diesAfter',
] as const;
/** What becomes of a question. */
export const queryOutcomes = ['answered', 'answered', 'silent', 'dies'] as const;

export interface RechargeScript {
  recharges: (typeof rechargeOutcomes)[number][];
  queries: (typeof queryOutcomes)[number][];
  /** How long it takes until an accepted recharge is on the card, in ms, in turn. */
  deliveryDelaysMs: number[];
}

interface AcceptedRecharge {
  orderNumber: string;
  reference: string;
  /** Epoch ms. */
  arrivesAt: number;
}

/**
 * A platform that takes no number of ours, with one card: every order is one more package on it. What each
 * call comes to is scripted; what is not, goes well. Others get on while a call is under way.
 */
export function createSimulatedRechargePlatform({
  script,
  now,
  turn,
  onRecharge,
}: {
  script: RechargeScript;
  now: () => number;
  turn: () => Promise<void>;
  /** Sees every recharge at the moment it is asked for, but those that are turned away. */
  onRecharge: (orderNumber: string) => Promise<void>;
}) {
  const accepted: AcceptedRecharge[] = [];

  function accept({ orderNumber }: PackageOrder): string {
    const reference = `recharge-${String(accepted.length + 1)}`;
    const arrivesAt = now() + (script.deliveryDelaysMs.shift() ?? 3_000);
    accepted.push({ orderNumber, reference, arrivesAt });
    return reference;
  }

  function countOnCard(): number {
    return accepted.filter(({ arrivesAt }) => arrivesAt <= now()).length;
  }

  async function answerQuery<Answer>(read: () => Answer): Promise<Answer> {
    const outcome = script.queries.shift() ?? 'answered';
    await turn();
    if (outcome === 'silent') throw new PlatformUnavailable('no answer');
    const result = read();
    await turn();
    if (outcome === 'dies') throw new ProcessCrashed();
    return result;
  }

  async function recharge(
    order: PackageOrder,
  ): Promise<Outcome<{ reference: string | null }, 'rejected'>> {
    const outcome = script.recharges.shift() ?? 'accepted';
    await turn();
    if (outcome === 'turnedAway') throw new PlatformBusy('too many are asking');
    await onRecharge(order.orderNumber);
    if (outcome === 'diesBefore') throw new ProcessCrashed();
    if (outcome === 'refused')
      return { outcome: 'refused', reason: 'rejected', message: 'refused' };
    const reference = outcome === 'requestLost' ? null : accept(order);
    await turn();
    if (outcome === 'diesAfter') throw new ProcessCrashed();
    if (outcome === 'requestLost' || outcome === 'answerLost') {
      return { outcome: 'unknown', message: 'no answer' };
    }
    return {
      outcome: 'done',
      value: { reference: outcome === 'acceptedUnnamed' ? null : reference },
    };
  }

  function isDelivered({ reference, snapshotBefore: before }: PlacedOrder): boolean {
    if (reference === null) return before !== null && countOnCard() === Number(before) + 1;
    return accepted.some(
      (recharged) => recharged.reference === reference && recharged.arrivesAt <= now(),
    );
  }

  const notExpected = () => Promise.reject(new Error('this is not asked of the desk'));
  const platform: CardPlatform = {
    name: 'desk',
    idempotentOrders: false,
    ...{
      find: notExpected,
      report: notExpected,
      packagesOnSale: notExpected,
      ordersOfDay: notExpected,
    },
    packageSnapshot: () => answerQuery(() => String(countOnCard())),
    orderPackage: recharge,
    delivery: (order) =>
      answerQuery(() =>
        isDelivered(order) ? { state: 'delivered', at: now() } : { state: 'pending' },
      ),
  };
  return { platform, accepted: accepted as readonly AcceptedRecharge[] };
}
