import type { Ledgers } from '../checker';
import { type CardProvider, createCardProvider, type DeliveryBehaviour } from './card-provider';
import { createEvidence, type Evidence } from './evidence';
import { type Channel, type ChannelEvent, type ChannelPayment, createChannel } from './channel';
import { type ChannelName, normalBehaviour, type Plan } from './plan';
import type { PlatformClock } from './pauses';
import type { Prng } from './prng';
import type { ConsoleRefund, RefundFaults } from './refund-faults';
import type { Timeline } from './timeline';

export interface PlatformsParts {
  plan: Plan;
  timeline: Timeline;
  prng: Prng;
  /** Draws when the card platform is busy. */
  busyPrng: Prng;
  refundFaults: RefundFaults;
  areFaultsOver: () => boolean;
  platformClock: PlatformClock;
  /** A channel has an event to notify the shop of. */
  onEvent: (channel: ChannelName, event: ChannelEvent) => void;
  /** The first payment of an open order, of the requested amount. */
  onPlainPayment: (payment: ChannelPayment) => void;
  /** A channel registered an order. */
  onOpened: (orderNumber: string) => void;
  count: (what: 'busy' | 'closedRefund' | 'consoleRefund') => void;
}

/** The payment channels and the card platform. Their ledgers are the truth that our records must match. */
export interface Platforms {
  channels: Readonly<Record<ChannelName, Channel>>;
  provider: CardProvider;
  evidence: Evidence;
  /** The time by which the platforms start packages, epoch ms. */
  now(): number;
  /** Whether the card platform rejects an order that arrives now, because of its rate limit. */
  isBusy(): boolean;
  ledgers(): Ledgers;
  /** Schedules the planned faults of refunds. */
  scheduleRefundFaults(): void;
  /** Ends the faults of refunds. */
  endFaults(): void;
  /** The platforms' own staff settle what was stuck there. */
  resolveStuck(): void;
}

export function createPlatforms(parts: PlatformsParts): Platforms {
  const { plan, timeline, prng, busyPrng, refundFaults, areFaultsOver } = parts;
  const now = () => timeline.now();
  const later = (ms: number, action: () => void) => timeline.at(now() + ms, action);
  const behaviour = (): DeliveryBehaviour =>
    areFaultsOver() ? normalBehaviour : prng.pick(plan.deliveryBehaviours);
  const idempotentOrders = plan.numbering === 'idempotent';
  const platformTime = () => parts.platformClock(now());
  const provider = createCardProvider({ now, later, idempotentOrders, behaviour, platformTime });
  const evidence = createEvidence(provider, now);
  const channels = { shingsou: openChannel('shingsou'), wechatpay: openChannel('wechatpay') };
  const all = Object.values(channels);

  function openChannel(name: ChannelName): Channel {
    return createChannel({
      now,
      later,
      traits: plan.traits[name],
      onOpened: parts.onOpened,
      onEvent: (event) => {
        const closed = event.refundNumber !== undefined && isClosedRefund(name, event.refundNumber);
        if (closed) parts.count('closedRefund');
        parts.onEvent(name, event);
        if (event.kind === 'payment') onPayment(name, event.transactionId);
      },
    });
  }

  function onPayment(name: ChannelName, transactionId: string): void {
    const channel = channels[name];
    const payment = channel.queryTransaction(transactionId);
    if (!payment || !isPlain(channel, payment)) return;
    parts.onPlainPayment(payment);
    // 旭宇 delivers an order once it is paid in full; it ignores any other payment.
    const request = channel.request(payment.orderNumber);
    if (name === 'shingsou' && request) provider.orderPaid(request, request.effective ?? 'now');
  }

  function isPlain(channel: Channel, { orderNumber, amount }: ChannelPayment): boolean {
    const payments = channel.payments().filter((each) => each.orderNumber === orderNumber);
    const fits = channel.request(orderNumber)?.amount === amount;
    return fits && payments.length === 1 && !channel.isClosed(orderNumber);
  }

  function isClosedRefund(name: ChannelName, refundNumber: string): boolean {
    return channels[name].findRefund(refundNumber)?.state === 'closed';
  }

  /** Staff refund the latest payments in the console of WeChat Pay, in part or in full. */
  function refundInConsole({ share }: ConsoleRefund): void {
    const { wechatpay } = channels;
    const payment = wechatpay.payments().at(-1);
    if (!payment) return;
    const amount = Math.max(1, Math.floor(payment.amount * share));
    if (wechatpay.refundInConsole(payment, amount)) parts.count('consoleRefund');
  }

  function setBalance(balanceShort: boolean): void {
    for (const { switches } of all) Object.assign(switches, { balanceShort });
  }

  return {
    channels,
    provider,
    evidence,
    now,
    isBusy: () => {
      const isBusy = plan.busyShare > 0 && !areFaultsOver() && busyPrng.chance(plan.busyShare);
      if (isBusy) parts.count('busy');
      return isBusy;
    },
    ledgers: () => readLedgers(all, provider),
    scheduleRefundFaults: () => {
      for (const { switches } of all) {
        switches.refundAbnormal = plan.refundAbnormal;
        switches.refundClosed = refundFaults.closes;
      }
      for (const refund of refundFaults.inConsole)
        timeline.at(plan.start + refund.afterMs, () => refundInConsole(refund));
      if (!plan.balanceShort) return;
      const { from, until } = plan.balanceShort;
      timeline.at(plan.start + from, () => setBalance(true));
      timeline.at(plan.start + Math.max(from, until), () => setBalance(false));
    },
    endFaults: () => {
      setBalance(false);
      for (const { switches } of all)
        Object.assign(switches, { refundAbnormal: false, refundClosed: false });
    },
    resolveStuck: () => {
      provider.resolveStuck(() => prng.chance(0.1));
      for (const channel of all) channel.resolveStuckRefunds();
    },
  };
}

function readLedgers(channels: readonly Channel[], provider: CardProvider): Ledgers {
  const refunds = channels.flatMap((channel) => channel.refunds());
  return {
    payments: channels
      .flatMap((channel) => channel.payments())
      .map(({ orderNumber, amount }) => ({ orderNumber, amountFen: amount })),
    refunds: refunds
      .filter(({ state }) => state === 'done')
      .map(({ orderNumber, amount, refundNumber }) => {
        return { orderNumber, amountFen: amount, refundNumber };
      }),
    deliveries: provider
      .deliveries()
      .map(({ order: { orderNumber }, month }) => ({ orderNumber, month })),
  };
}
