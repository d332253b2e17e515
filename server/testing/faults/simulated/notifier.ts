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

/** How long the channel waits for a response (WeChat Pay v3, 支付通知). */
const TIMEOUT_MS = 5 * SECOND;

/** The delays between attempts (WeChat Pay v3, 支付通知), as far as a schedule needs them. */
const RETRY_DELAYS_MS = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600].map(
  (each) => each * SECOND,
);

/** Faults of notifications besides those of the network: shares from 0 to 1. */
export interface NotifierPlan {
  lost: number;
  doubled: number;
  late: number;
  forged: number;
}

/** The faults of notifications, as they are counted. */
export type NotificationFault = 'lostNotice' | 'doubleNotice' | 'lateNotice' | 'forgedNotice';

interface NotifierParts {
  timeline: Timeline;
  network: Network;
  prng: Prng;
  trace: Trace;
  plan: NotifierPlan;
  /** Whether the faults have ended: from then on every notification arrives. */
  areFaultsOver: () => boolean;
  bffs: () => readonly Bff[];
  count: (injectedFault: NotificationFault) => void;
  /** The BFF acknowledged a notification. */
  onAcknowledged: (channel: string, id: string) => void;
  /** The BFF failed with an error that is no refusal. */
  onFault: (error: unknown) => void;
}

/** Notifies the BFF of events at the channels, and retries until each is acknowledged. */
export function createNotifier(parts: NotifierParts) {
  const { timeline, network, prng, trace, plan, areFaultsOver, bffs, count } = parts;
  let events = 0;
  let pending = 0;

  async function deliver(channel: string, notification: SimulatedNotification): Promise<boolean> {
    const open = bffs();
    const bff = open[prng.between(0, open.length - 1)];
    if (!bff) return false;
    const raw = encodeNotification(notification);
    const what = `notification ${notification.id} (${notification.kind}) to ${bff.process.name}`;
    const exchange = await network.carry('notification', what, TIMEOUT_MS, async () => {
      trace(() => `  ${what} for ${notification.orderNumber}`);
      return receive(bff, channel, raw);
    });
    return exchange.arrived && exchange.answer;
  }

  /** @returns whether the BFF acknowledged, which over HTTP is a 204 */
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
    for (const delay of [0, ...RETRY_DELAYS_MS]) {
      await timeline.sleep(delay);
      if (!areFaultsOver() && prng.chance(plan.lost)) {
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
    if (!areFaultsOver() && prng.chance(plan.late)) {
      count('lateNotice');
      await timeline.sleep(prng.between(SECOND, 20 * MINUTE));
    }
    if (!areFaultsOver() && prng.chance(plan.doubled)) {
      count('doubleNotice');
      void timeline
        .sleep(prng.between(0, SECOND))
        .then(() => sendUntilAcknowledged(channel, notification));
    }
    await sendUntilAcknowledged(channel, notification);
    if (signs) pending -= 1;
  }

  /** Sends a notification that a third party made up. */
  async function sendForged(channel: string, signs: boolean, orderNumber: string): Promise<void> {
    count('forgedNotice');
    events += 1;
    const kind = prng.pick(['payment', 'refund', 'delivery'] as const);
    const [id, transactionId] = [`forged-${String(events)}`, `made-up-${String(events)}`];
    const signature = signs ? ('forged' as const) : ('none' as const);
    await deliver(channel, { id, kind, orderNumber, transactionId, signature });
  }

  return {
    notify,
    sendForged,
    /** Whether every signed notification was acknowledged. */
    isIdle: () => pending === 0,
  };
}

export type Notifier = ReturnType<typeof createNotifier>;
