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
import type { Fixtures } from './fixtures';
import { insertFixtures } from './fixtures';
import { createSupervisor } from './supervisor';
import type { Timeline } from './timeline';
import type { Trace } from './trace';

export interface SimulatedUsersParts {
  plan: Plan;
  timeline: Timeline;
  chance: Prng;
  trace: Trace;
  shared: SharedStore;
  network: Network;
  fleet: Fleet;
  platforms: Platforms;
  notifier: Notifier;
  journal: Journal;
  /** When nobody begins anything any more, epoch ms. */
  until: number;
}

/** An order nobody ever made: what a stranger may knock about. */
const UNKNOWN_ORDER_NUMBER = 'LK202601010000000000000000';

/** Everybody with something to do with the shop: customers, its staff, and strangers at its door. */
export function createSimulatedUsers(parts: SimulatedUsersParts) {
  const { plan, timeline, chance, shared, fleet, platforms, notifier, journal, until } = parts;
  let busy = 0;
  let fixtures: Fixtures | undefined;

  function track(work: Promise<unknown>): void {
    busy += 1;
    void work.catch(journal.reportFailure).then(() => (busy -= 1));
  }

  function clientParts(name: string): ClientParts & { timeline: Timeline; until: number } {
    const { network, trace } = parts;
    return {
      name,
      timeline,
      until,
      network,
      trace,
      chance: chance.fork(),
      bffs: fleet.serving,
      onFault: journal.reportFailure,
    };
  }

  function startCustomers({ customers, cards }: Fixtures): void {
    for (const { name, auth } of customers) {
      const live = createCustomer({
        ...clientParts(name),
        auth,
        cards,
        observer: journal,
        count: journal.count,
        channels: Object.values(platforms.channels),
        hasPaymentAnomalies: plan.hasPaymentAnomalies,
      });
      track(live());
    }
  }

  function startSupervisor({ staff: auth }: Fixtures): void {
    const orders = () => journal.orders;
    const { count } = journal;
    track(createSupervisor({ ...clientParts('the supervisor'), auth, orders, count })());
  }

  function scheduleForgeries(): void {
    for (let index = 0; index < plan.forgeries; index += 1) {
      timeline.at(chance.between(plan.start, until), () => {
        const channel: ChannelName = chance.chance(0.5) ? 'shingsou' : 'wechatpay';
        const orders = journal.orders.map(({ number }) => number);
        const orderNumber = chance.pick([UNKNOWN_ORDER_NUMBER, ...orders]);
        track(notifier.forge(channel, channel === 'wechatpay', orderNumber));
      });
    }
  }

  return {
    /** Lets them come. */
    start: async (): Promise<void> => {
      const now = timeline.now();
      fixtures = await insertFixtures(shared.observerStore, platforms.provider, { ...plan, now });
      startCustomers(fixtures);
      if (plan.supervised) startSupervisor(fixtures);
      scheduleForgeries();
    },
    /** Somebody of the staff begins to see to what no rule can settle. */
    resolve: (deadline: number): void => {
      if (!fixtures) return;
      const { staff: auth } = fixtures;
      const { count } = journal;
      const { provider } = platforms;
      const { observerStore } = shared;
      const serve = createOperator({
        ...clientParts('the operator'),
        auth,
        observerStore,
        provider,
        count,
        until: deadline,
      });
      void serve().catch(journal.reportFailure);
    },
    /** Whether everybody has done what they were going to do. */
    isQuiet: () => busy === 0,
  };
}
