import type { ClientParts } from './client';
import type { Fleet } from './fleet';
import type { SharedStore } from './shared-store';
import type { Network } from './network';
import type { Notifier } from './notifier';
import { createOperator } from './operator';
import { createCustomer } from './customer';
import type { ChannelName, Plan } from './plan';
import type { Platforms } from './platforms';
import type { Prng } from './prng';
import type { Journal } from './journal';
import { type Fixtures, insertFixtures } from './fixtures';
import { createSupervisor } from './supervisor';
import type { Timeline } from './timeline';
import type { Trace } from './trace';

export interface SimulatedUsersParts {
  plan: Plan;
  timeline: Timeline;
  prng: Prng;
  trace: Trace;
  shared: SharedStore;
  network: Network;
  fleet: Fleet;
  platforms: Platforms;
  notifier: Notifier;
  journal: Journal;
  /** When they stop, epoch ms. */
  until: number;
}

/** The number of an order that does not exist, for forged notifications. */
const UNKNOWN_ORDER_NUMBER = 'LK202601010000000000000000';

/** The users of a schedule: customers, staff, and third parties who forge notifications. */
export function createSimulatedUsers(parts: SimulatedUsersParts) {
  const { plan, timeline, prng, shared, fleet, platforms, notifier, journal, until } = parts;
  let running = 0;
  let fixtures: Fixtures | undefined;

  function track(work: Promise<unknown>): void {
    running += 1;
    void work.catch(journal.reportFailure).then(() => (running -= 1));
  }

  function clientParts(name: string): ClientParts & { timeline: Timeline; until: number } {
    const { network, trace } = parts;
    return {
      name,
      timeline,
      until,
      network,
      trace,
      prng: prng.fork(),
      bffs: fleet.serving,
      onFault: journal.reportFailure,
    };
  }

  function startCustomers({ customers, cards }: Fixtures): void {
    for (const { name, auth } of customers) {
      const run = createCustomer({
        ...clientParts(name),
        auth,
        cards,
        observer: journal,
        count: journal.count,
        channels: Object.values(platforms.channels),
        hasPaymentAnomalies: plan.hasPaymentAnomalies,
      });
      track(run());
    }
  }

  function startSupervisor({ staff: auth }: Fixtures): void {
    const orders = () => journal.orders;
    const { count } = journal;
    track(createSupervisor({ ...clientParts('the supervisor'), auth, orders, count })());
  }

  function scheduleForgeries(): void {
    for (let index = 0; index < plan.forgeries; index += 1) {
      timeline.at(prng.between(plan.start, until), () => {
        const channel: ChannelName = prng.chance(0.5) ? 'shingsou' : 'wechatpay';
        const orders = journal.orders.map(({ number }) => number);
        const orderNumber = prng.pick([UNKNOWN_ORDER_NUMBER, ...orders]);
        track(notifier.sendForged(channel, channel === 'wechatpay', orderNumber));
      });
    }
  }

  return {
    /** Inserts the fixtures and starts everyone but the operator. */
    start: async (): Promise<void> => {
      const now = timeline.now();
      fixtures = await insertFixtures(shared.observerStore, platforms.provider, { ...plan, now });
      startCustomers(fixtures);
      if (plan.hasSupervisor) startSupervisor(fixtures);
      scheduleForgeries();
    },
    /** Starts the operator, who resolves unknown deliveries until `deadline` (epoch ms). */
    resolve: (deadline: number): void => {
      if (!fixtures) return;
      const { staff: auth } = fixtures;
      const { count } = journal;
      const { provider } = platforms;
      const { observerStore } = shared;
      const run = createOperator({
        ...clientParts('the operator'),
        auth,
        observerStore,
        provider,
        count,
        until: deadline,
      });
      void run().catch(journal.reportFailure);
    },
    /** Whether customers, supervisor and forgers have finished. */
    isQuiet: () => running === 0,
  };
}
