import type { Bff } from './bff';
import type { ChannelEvent } from './channel';
import type { Network } from './network';
import { ApiError } from '../../../lib/api-error';
import { StoreUnavailable } from '../../../store/store';
import { encodeNotification, type SimulatedNotification } from './simulated-notification';
import type { Prng } from './prng';
import type { Timeline } from './timeline';
import type { Trace } from './trace';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** The channel waits so long for an answer (WeChat Pay v3, 支付通知). */
const TIMEOUT_MS = 5 * SECOND;

/** The pauses between tries (WeChat Pay v3, 支付通知), as far as a run goes. */
const PAUSES = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600].map((each) => each * SECOND);

/** How this run's notifications fare besides the weather, shares from 0 to 1. */
export interface NotifierPlan {
  lost: number;
  doubled: number;
  late: number;
  forged: number;
}

/** The ways notifications go wrong, for counting. */
export type NotificationFault = 'lostNotice' | 'doubleNotice' | 'lateNotice' | 'forgedNotice';

interface NotifierParts {
  timeline: Timeline;
  network: Network;
  chance: Prng;
  trace: Trace;
  plan: NotifierPlan;
  /** Faults are over: from now on what is sent arrives. */
  areFaultsOver: () => boolean;
  bffs: () => readonly Bff[];
  count: (injectedFault: NotificationFault) => void;
  /** The shop has answered that it has it. */
  onAcknowledged: (channel: string, id: string) => void;
  /** The shop answered with something that is no answer. */
  onFault: (error: unknown) => void;
}

/** Tells the shop what happened at a channel, again and again until it says it has heard. */
export function createNotifier(parts: NotifierParts) {
  const { timeline, network, chance, trace, plan, areFaultsOver, bffs, count } = parts;
  let events = 0;
  let pending = 0;

  async function deliver(channel: string, notification: SimulatedNotification): Promise<boolean> {
    const open = bffs();
    const bff = open[chance.between(0, open.length - 1)];
    if (!bff) return false;
    const raw = encodeNotification(notification);
    const what = `notification ${notification.id} (${notification.kind}) to ${bff.process.name}`;
    const exchange = await network.carry('knocks', what, TIMEOUT_MS, async () => {
      trace(() => `  ${what} for ${notification.orderNumber}`);
      return receive(bff, channel, raw);
    });
    return exchange.arrived && exchange.answer;
  }

  /** As HTTP does: whatever is taken is answered with 204, a refusal with its own status. */
  async function receive(bff: Bff, channel: string, raw: ReturnType<typeof encodeNotification>) {
    try {
      await bff.process.step();
      const result = await bff.services.notifications.receive(channel, raw);
      return result !== 'unknownOrder';
    } catch (error) {
      const isAnswer = error instanceof ApiError || error instanceof StoreUnavailable;
      if (!isAnswer) parts.onFault(error);
      return false;
    }
  }

  async function sendUntilAcknowledged(
    channel: string,
    notification: SimulatedNotification,
  ): Promise<void> {
    for (const pause of [0, ...PAUSES]) {
      await timeline.sleep(pause);
      if (!areFaultsOver() && chance.chance(plan.lost)) {
        count('lostNotice');
        continue;
      }
      if (await deliver(channel, notification)) {
        if (notification.signature === 'genuine') parts.onAcknowledged(channel, notification.id);
        return;
      }
    }
  }

  async function notify(channel: string, signs: boolean, event: ChannelEvent): Promise<void> {
    events += 1;
    const id = `${channel}-event-${String(events)}`;
    const notification = {
      ...event,
      id,
      signature: signs ? ('genuine' as const) : ('none' as const),
    };
    if (signs) pending += 1;
    if (!areFaultsOver() && chance.chance(plan.late)) {
      count('lateNotice');
      await timeline.sleep(chance.between(SECOND, 20 * MINUTE));
    }
    if (!areFaultsOver() && chance.chance(plan.doubled)) {
      count('doubleNotice');
      void timeline
        .sleep(chance.between(0, SECOND))
        .then(() => sendUntilAcknowledged(channel, notification));
    }
    await sendUntilAcknowledged(channel, notification);
    if (signs) pending -= 1;
  }

  /** Somebody else knocks, about an order they may have heard of. */
  async function sendForged(channel: string, signs: boolean, orderNumber: string): Promise<void> {
    count('forgedNotice');
    events += 1;
    const kind = chance.pick(['payment', 'refund', 'delivery'] as const);
    const [id, transactionId] = [`forged-${String(events)}`, `made-up-${String(events)}`];
    const signature = signs ? ('forged' as const) : ('none' as const);
    await deliver(channel, { id, kind, orderNumber, transactionId, signature });
  }

  return {
    tell: notify,
    forge: sendForged,
    /** Whether the shop has been told of everything a channel signs. */
    isIdle: () => pending === 0,
  };
}

export type Notifier = ReturnType<typeof createNotifier>;
