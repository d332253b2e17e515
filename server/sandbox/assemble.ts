import { createSandboxClock, type SandboxClock } from './clock';
import { actOnDakashi } from './dakashi/events';
import { openOffice, type Office } from './dakashi/office';
import { createDeliveries, wake, type Deliveries } from './deliveries';
import { openHall, type Hall } from './mxchip/hall';
import { attemptNotification, type NotificationFormats } from './notifications';
import { completeSwitch } from './shingsou/card-switching';
import { createNotify, unsignedNotificationFormat } from './shingsou/knock';
import type { DueEvent, SandboxState } from './state';
import { createCashier, type Cashier } from './wechat/cashier';
import { completeRefund } from './wechat/refunds';
import type { PayKeys } from './wechatpay/keys';
import { notifyRefund, payNotificationFormat } from './wechatpay/notices';
import { completeTradeRefund } from './wechatpay/refunds';
import { createSignatureClock, type SignatureClock } from './wechatpay/signature';
import { createWorld, type World } from './world';

interface AssemblyOptions {
  /** Real time, epoch ms. */
  clock: () => number;
  deliverySeconds: number;
  /** Where 大卡师 tells what became of things, unless its state says otherwise. */
  dakashiCallbackUrl: string | null;
  /** @throws Error before there are any. */
  payKeys: () => PayKeys;
  closing: AbortSignal;
  onChange: () => void;
  onError: (error: unknown) => void;
}

export interface Assembly {
  clock: SandboxClock;
  signatureClock: SignatureClock;
  world: World;
  deliveries: Deliveries;
  cashier: Cashier;
  dakashi: Office;
  mxchip: Hall;
}

/** Puts the parts that act on one state together, and tells what becomes of each due event. */
export function assemble(state: SandboxState, options: AssemblyOptions): Assembly {
  const { clock: realClock, onError, onChange, dakashiCallbackUrl, ...rest } = options;
  const clock = createSandboxClock({
    state,
    clock: realClock,
    run: (event) => run(event),
    onError,
  });
  const world = createWorld({
    ...rest,
    state,
    now: clock.now,
    realNow: realClock,
    schedule: clock.schedule,
  });
  const signatureClock = createSignatureClock(world);
  const notificationFormats: NotificationFormats = {
    shingsou: unsignedNotificationFormat,
    wechatpay: payNotificationFormat(world, signatureClock),
  };
  const notify = createNotify(world);
  const deliveries = createDeliveries(world, notify);

  const dakashi = openOffice(world, dakashiCallbackUrl);
  const mxchip = openHall(world);

  async function act(event: DueEvent): Promise<void> {
    switch (event.kind) {
      case 'dakashi':
        await actOnDakashi(dakashi, event);
        break;
      case 'deliveryEnds':
        deliveries.end(event.outTradeNo, event.at);
        break;
      case 'refundEnds':
        completeRefund(world, notify, event.outRefundNo, event.at);
        break;
      case 'tradeRefundEnds': {
        const refund = completeTradeRefund(world, event.outRefundNo, event.at);
        if (refund) notifyRefund(world, refund, event.at);
        break;
      }
      case 'switchEnds':
        completeSwitch(world, event.iccid);
        break;
      case 'packageBegins':
        wake(world.cards.find(event.iccid), event.at);
        break;
      case 'notify':
        await attemptNotification(world, notificationFormats, event);
    }
  }

  async function run(event: DueEvent): Promise<void> {
    await act(event);
    onChange();
  }

  const cashier = createCashier(world, deliveries, notify);
  return { clock, signatureClock, world, deliveries, cashier, dakashi, mxchip };
}
