import type { Ledgers } from '../checker';
import type { CardProvider, DeliveryBehaviour } from './card-provider';
import { createEvidence, type Evidence } from './evidence';
import { createCardProvider } from './card-provider';
import type { Channel, ChannelEvent, ChannelPayment } from './channel';
import { createChannel } from './channel';
import type { ChannelName, Plan } from './plan';
import { normalBehaviour } from './plan';
import type { Prng } from './prng';
import type { Timeline } from './timeline';

export interface PlatformsParts {
  plan: Plan;
  timeline: Timeline;
  chance: Prng;
  /** Decides when the card platform is too busy. */
  pace: Prng;
  areFaultsOver: () => boolean;
  /** A channel has something to tell the shop. */
  onEvent: (channel: ChannelName, event: ChannelEvent) => void;
  /** Money was taken just as the shop asked for it. */
  onPlainPayment: (payment: ChannelPayment) => void;
  /** A channel heard of an order for the first time. */
  onOpened: (orderNumber: string) => void;
  count: (what: 'busy') => void;
}

/** The world's side of every payment and delivery, with the only books that cannot be wrong. */
export interface Platforms {
  channels: Readonly<Record<ChannelName, Channel>>;
  provider: CardProvider;
  evidence: Evidence;
  /** Whether the card platform turns away an order that comes now, because it is asked too often. */
  isBusy(): boolean;
  ledgers(): Ledgers;
  /** Has the trouble with refunds begin that is planned. */
  scheduleRefundFaults(): void;
  /** Ends it. */
  endFaults(): void;
  /** People at the platforms see to what was stuck there. */
  resolveStuck(): void;
}

export function createPlatforms(parts: PlatformsParts): Platforms {
  const { plan, timeline, chance, pace, areFaultsOver } = parts;
  const now = () => timeline.now();
  const later = (ms: number, action: () => void) => timeline.at(now() + ms, action);
  const behaviour = (): DeliveryBehaviour =>
    areFaultsOver() ? normalBehaviour : chance.pick(plan.deliveryBehaviours);
  const ordersOncePerNumber = plan.numbering === 'once';
  const provider = createCardProvider({ now, later, ordersOncePerNumber, behaviour });
  const evidence = createEvidence(provider, now);
  const channels = { shingsou: make('shingsou'), wechatpay: make('wechatpay') };
  const all = Object.values(channels);

  function make(name: ChannelName): Channel {
    return createChannel({
      now,
      later,
      traits: plan.traits[name],
      onOpened: parts.onOpened,
      tell: (event) => {
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
    // 旭宇 delivers what it was paid for; what does not fit its order it leaves alone.
    const request = channel.request(payment.orderNumber);
    if (name === 'shingsou' && request) provider.orderPaid(request);
  }

  function isPlain(channel: Channel, { orderNumber, amount }: ChannelPayment): boolean {
    const payments = channel.payments().filter((each) => each.orderNumber === orderNumber);
    const fits = channel.request(orderNumber)?.amount === amount;
    return fits && payments.length === 1 && !channel.isClosed(orderNumber);
  }

  function setBalance(balanceShort: boolean): void {
    for (const { switches } of all) Object.assign(switches, { balanceShort });
  }

  return {
    channels,
    provider,
    evidence,
    isBusy: () => {
      const busy = plan.busy > 0 && !areFaultsOver() && pace.chance(plan.busy);
      if (busy) parts.count('busy');
      return busy;
    },
    ledgers: () => readLedgers(all, provider),
    scheduleRefundFaults: () => {
      for (const { switches } of all) switches.refundAbnormal = plan.refundAbnormal;
      if (!plan.balanceShort) return;
      const { from, until } = plan.balanceShort;
      timeline.at(plan.start + from, () => setBalance(true));
      timeline.at(plan.start + Math.max(from, until), () => setBalance(false));
    },
    endFaults: () => {
      setBalance(false);
      for (const { switches } of all) switches.refundAbnormal = false;
    },
    resolveStuck: () => {
      provider.resolveStuck(() => chance.chance(0.1));
      for (const channel of all) channel.resolveStuckRefunds();
    },
  };
}

function readLedgers(channels: readonly Channel[], provider: CardProvider): Ledgers {
  const refunds = channels.flatMap((channel) => channel.refunds());
  return {
    taken: channels
      .flatMap((channel) => channel.payments())
      .map(({ orderNumber, amount }) => ({ orderNumber, amountFen: amount })),
    returned: refunds
      .filter(({ state }) => state === 'done')
      .map(({ orderNumber, amount, refundNumber }) => {
        return { orderNumber, amountFen: amount, refundNumber };
      }),
    delivered: provider.deliveries().map(({ order: { orderNumber } }) => ({ orderNumber })),
  };
}
