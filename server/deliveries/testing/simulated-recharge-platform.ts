import { currentDeadline, startRequest } from '../../platforms/call-deadline';
import type { CardPlatform, Outcome, PackageOrder, PlacedOrder } from '../../platforms/ports';
import { PlatformBusy, PlatformUnavailable } from '../../platforms/ports';

/** Simulates a crash of the calling process: it stores nothing any more. */
export class ProcessCrashed extends Error {}

/** The outcomes of a recharge request. */
export const rechargeOutcomes = [
  'accepted',
  'acceptedWithoutReference',
  'refused',
  'busy',
  'requestLost',
  'responseLost',
  'crashBefore',
  'crashAfter',
] as const;
/** The outcomes of a query. */
export const queryOutcomes = ['answered', 'answered', 'timeout', 'crash'] as const;

export interface RechargeScript {
  recharges: (typeof rechargeOutcomes)[number][];
  queries: (typeof queryOutcomes)[number][];
  /** How long it takes until an accepted recharge is on the card, in ms, in turn. */
  deliveryDelaysMs: number[];
  /** How long the process is suspended right before each recharge request is sent, in ms, in turn. */
  suspensionsMs: number[];
}

interface AcceptedRecharge {
  orderNumber: string;
  reference: string;
  /** Epoch ms. */
  arrivesAt: number;
}

/**
 * A platform with one card that knows no order numbers of ours: every order adds one package to the card.
 * The outcomes of its calls are scripted; calls beyond the script succeed. Other tasks run during a call.
 */
export function createSimulatedRechargePlatform({
  script,
  now,
  turn,
  suspend,
  onRecharge,
}: {
  script: RechargeScript;
  now: () => number;
  turn: () => Promise<void>;
  /** Passes time, in ms, during which other processes go on. */
  suspend: (ms: number) => Promise<void>;
  /** Called when a recharge request arrives, unless the platform is busy. */
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
    if (outcome === 'timeout') throw new PlatformUnavailable('no answer');
    const result = read();
    await turn();
    if (outcome === 'crash') throw new ProcessCrashed();
    return result;
  }

  async function recharge(
    order: PackageOrder,
  ): Promise<Outcome<{ reference: string | null }, 'rejected'>> {
    const outcome = script.recharges.shift() ?? 'accepted';
    await turn();
    await suspend(script.suspensionsMs.shift() ?? 0);
    startRequest(currentDeadline());
    if (outcome === 'busy') throw new PlatformBusy('too many requests');
    await onRecharge(order.orderNumber);
    if (outcome === 'crashBefore') throw new ProcessCrashed();
    if (outcome === 'refused')
      return { outcome: 'refused', reason: 'rejected', message: 'refused' };
    const reference = outcome === 'requestLost' ? null : accept(order);
    await turn();
    if (outcome === 'crashAfter') throw new ProcessCrashed();
    if (outcome === 'requestLost' || outcome === 'responseLost') {
      return { outcome: 'unknown', message: 'no answer' };
    }
    return {
      outcome: 'done',
      value: { reference: outcome === 'acceptedWithoutReference' ? null : reference },
    };
  }

  function isDelivered({ reference, snapshotBefore: before }: PlacedOrder): boolean {
    if (reference === null) return before !== null && countOnCard() === Number(before) + 1;
    return accepted.some(
      (recharged) => recharged.reference === reference && recharged.arrivesAt <= now(),
    );
  }

  const notExpected = () => Promise.reject(new Error('not expected by this test'));
  const platform: CardPlatform = {
    name: 'desk',
    idempotentOrders: false,
    find: notExpected,
    report: notExpected,
    packagesOnSale: notExpected,
    ordersOfDay: notExpected,
    packageSnapshot: () => answerQuery(() => String(countOnCard())),
    orderPackage: recharge,
    delivery: (order) =>
      answerQuery(() =>
        isDelivered(order) ? { state: 'delivered', at: now() } : { state: 'pending' },
      ),
  };
  return { platform, accepted: accepted as readonly AcceptedRecharge[] };
}
