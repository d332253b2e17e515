import type { CallerParts } from './caller';
import type { Fleet } from './fleet';
import type { SharedStore } from './shared-store';
import type { Network } from './network';
import type { Notifier } from './notifier';
import { createOperator } from './operator';
import { createPerson } from './person';
import type { ChannelName, Plan } from './plan';
import type { Platforms } from './platforms';
import type { Prng } from './prng';
import type { Chronicle } from './chronicle';
import type { Household } from './settle-in';
import { settleIn } from './settle-in';
import { createSupervisor } from './supervisor';
import type { Timeline } from './timeline';
import type { Trace } from './trace';

export interface SocietyParts {
  plan: Plan;
  timeline: Timeline;
  chance: Prng;
  trace: Trace;
  shared: SharedStore;
  network: Network;
  fleet: Fleet;
  platforms: Platforms;
  notifier: Notifier;
  chronicle: Chronicle;
  /** When nobody begins anything any more, epoch ms. */
  until: number;
}

/** An order nobody ever made: what a stranger may knock about. */
const MADE_UP = 'LK202601010000000000000000';

/** Everybody with something to do with the shop: customers, its staff, and strangers at its door. */
export function createSociety(parts: SocietyParts) {
  const { plan, timeline, chance, shared, fleet, platforms, notifier, chronicle, until } = parts;
  let busy = 0;
  let household: Household | undefined;

  function occupy(work: Promise<unknown>): void {
    busy += 1;
    void work.catch(chronicle.fault).then(() => (busy -= 1));
  }

  function caller(name: string): CallerParts & { timeline: Timeline; until: number } {
    const { network, trace } = parts;
    return {
      ...{ name, timeline, until, network, trace, chance: chance.fork() },
      ...{ bffs: fleet.serving, onFault: chronicle.fault },
    };
  }

  function admitCustomers({ people, cards }: Household): void {
    for (const { name, auth } of people) {
      const live = createPerson({
        ...{ ...caller(name), auth, cards, witness: chronicle, count: chronicle.count },
        ...{ channels: Object.values(platforms.channels), oddMoney: plan.oddMoney },
      });
      occupy(live());
    }
  }

  function admitStaff({ staff: auth }: Household): void {
    const orders = () => chronicle.orders;
    const { count } = chronicle;
    occupy(createSupervisor({ ...caller('the supervisor'), auth, orders, count })());
  }

  function expectStrangers(): void {
    for (let index = 0; index < plan.forgeries; index += 1) {
      timeline.at(chance.between(plan.start, until), () => {
        const channel: ChannelName = chance.chance(0.5) ? 'shingsou' : 'wechatpay';
        const orders = chronicle.orders.map(({ number }) => number);
        const orderNumber = chance.pick([MADE_UP, ...orders]);
        occupy(notifier.forge(channel, channel === 'wechatpay', orderNumber));
      });
    }
  }

  return {
    /** Lets them come. */
    admit: async (): Promise<void> => {
      const now = timeline.now();
      household = await settleIn(shared.onlooker, platforms.provider, { ...plan, now });
      admitCustomers(household);
      if (plan.supervised) admitStaff(household);
      expectStrangers();
    },
    /** Somebody of the staff begins to see to what no rule can settle. */
    resolve: (untilWhen: number): void => {
      if (!household) return;
      const { staff: auth } = household;
      const { count } = chronicle;
      const { provider } = platforms;
      const { onlooker } = shared;
      const serve = createOperator({
        ...{ ...caller('the operator'), auth, onlooker, provider, count, until: untilWhen },
      });
      void serve().catch(chronicle.fault);
    },
    /** Whether everybody has done what they were going to do. */
    isQuiet: () => busy === 0,
  };
}
