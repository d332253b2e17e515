import { createSandboxClock, type SandboxClock } from './clock';
import { createDeliveries, wake } from './deliveries';
import { attemptNotification, createNotify } from './notifications';
import type { DueEvent, SandboxState } from './state';
import { createCashier, type Cashier } from './wechat/cashier';
import { endRefund } from './wechat/refunds';
import { createWorld, type World } from './world';

interface AssemblyOptions {
  /** Real time, epoch ms. */
  clock: () => number;
  deliverySeconds: number;
  closing: AbortSignal;
  onChange: () => void;
  onError: (error: unknown) => void;
}

export interface Assembly {
  clock: SandboxClock;
  world: World;
  cashier: Cashier;
}

/** Puts the parts that act on one state together, and tells what becomes of each due event. */
export function assemble(state: SandboxState, options: AssemblyOptions): Assembly {
  const { clock: realClock, onError, onChange, ...rest } = options;
  const clock = createSandboxClock({
    state,
    clock: realClock,
    run: (event) => run(event),
    onError,
  });
  const world = createWorld({ ...rest, state, now: clock.now, schedule: clock.schedule });
  const notify = createNotify(world);
  const deliveries = createDeliveries(world, notify);

  async function act(event: DueEvent): Promise<void> {
    switch (event.kind) {
      case 'deliveryEnds':
        deliveries.end(event.outTradeNo, event.at);
        break;
      case 'refundEnds':
        endRefund(world, notify, event.outRefundNo, event.at);
        break;
      case 'packageBegins':
        wake(world.cards.find(event.iccid), event.at);
        break;
      case 'notify':
        await attemptNotification(world, event);
    }
  }

  async function run(event: DueEvent): Promise<void> {
    await act(event);
    onChange();
  }

  return { clock, world, cashier: createCashier(world, deliveries, notify) };
}
