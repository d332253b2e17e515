import { PlatformBusy, PlatformUnavailable } from '../../platforms/ports';
import type { CardPlatform, Outcome, PackageOrder, PlacedOrder } from '../../platforms/ports';

/** The process that was calling is no more; what it would have written is not written. */
export class ProcessDied extends Error {}

/** What becomes of a recharge that is asked for. */
export const rechargeFates = [
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
export const questionFates = ['answered', 'answered', 'silent', 'dies'] as const;

export interface DeskScript {
  recharges: (typeof rechargeFates)[number][];
  questions: (typeof questionFates)[number][];
  /** How long it takes until an accepted recharge is on the card, in ms, in turn. */
  takesMs: number[];
}

interface Accepted {
  orderNumber: string;
  reference: string;
  /** Epoch ms. */
  arrivesAt: number;
}

/**
 * A platform that takes no number of ours, with one card: every order is one more package on it. What each
 * call comes to is scripted; what is not, goes well. Others get on while a call is under way.
 */
export function createRechargeDesk({
  script,
  now,
  turn,
  onAsked,
}: {
  script: DeskScript;
  now: () => number;
  turn: () => Promise<void>;
  /** Sees every recharge at the moment it is asked for, but those that are turned away. */
  onAsked: (orderNumber: string) => Promise<void>;
}) {
  const accepted: Accepted[] = [];

  function accept({ orderNumber }: PackageOrder): string {
    const reference = `recharge-${String(accepted.length + 1)}`;
    const arrivesAt = now() + (script.takesMs.shift() ?? 3_000);
    accepted.push({ orderNumber, reference, arrivesAt });
    return reference;
  }

  function onCard(): number {
    return accepted.filter(({ arrivesAt }) => arrivesAt <= now()).length;
  }

  async function answer<Answer>(read: () => Answer): Promise<Answer> {
    const fate = script.questions.shift() ?? 'answered';
    await turn();
    if (fate === 'silent') throw new PlatformUnavailable('no answer');
    const said = read();
    await turn();
    if (fate === 'dies') throw new ProcessDied();
    return said;
  }

  async function recharge(
    order: PackageOrder,
  ): Promise<Outcome<{ reference: string | null }, 'rejected'>> {
    const fate = script.recharges.shift() ?? 'accepted';
    await turn();
    if (fate === 'turnedAway') throw new PlatformBusy('too many are asking');
    await onAsked(order.orderNumber);
    if (fate === 'diesBefore') throw new ProcessDied();
    if (fate === 'refused') return { outcome: 'refused', reason: 'rejected', message: 'refused' };
    const reference = fate === 'requestLost' ? null : accept(order);
    await turn();
    if (fate === 'diesAfter') throw new ProcessDied();
    if (fate === 'requestLost' || fate === 'answerLost') {
      return { outcome: 'unknown', message: 'no answer' };
    }
    return {
      outcome: 'done',
      value: { reference: fate === 'acceptedUnnamed' ? null : reference },
    };
  }

  function isDelivered({ reference, snapshotBefore: before }: PlacedOrder): boolean {
    if (reference === null) return before !== null && onCard() === Number(before) + 1;
    return accepted.some((made) => made.reference === reference && made.arrivesAt <= now());
  }

  const unasked = () => Promise.reject(new Error('this is not asked of the desk'));
  const platform: CardPlatform = {
    name: 'desk',
    ordersOncePerNumber: false,
    ...{ find: unasked, report: unasked, packagesOnSale: unasked, ordersOfDay: unasked },
    packageSnapshot: () => answer(() => String(onCard())),
    orderPackage: recharge,
    delivery: (order) =>
      answer(() => (isDelivered(order) ? { state: 'delivered', at: now() } : { state: 'pending' })),
  };
  return { platform, accepted: accepted as readonly Accepted[] };
}
