import { createSandboxClock, type SandboxClock } from './clock';
import { handleDakashiEvent } from './dakashi/events';
import { openDakashi, type DakashiSimulator } from './dakashi/simulator';
import { createDeliveries, reactivateCard, type Deliveries } from './deliveries';
import { openDeviceStore, type DeviceStore } from './mxchip/device-store';
import { attemptNotification, type NotificationFormats } from './notifications';
import { completeSwitch } from './shingsou/card-switching';
import { createNotify, unsignedNotificationFormat } from './shingsou/unsigned-notification';
import type { DueEvent, SandboxState } from './state';
import { createCashier, type Cashier } from './wechat/cashier';
import { completeRefund } from './wechatpay-v2/refunds';
import type { PayKeys } from './wechatpay/keys';
import { notifyRefund, payNotificationFormat } from './wechatpay/notifications';
import { completeTradeRefund } from './wechatpay/refunds';
import { createSignatureClock, type SignatureClock } from './wechatpay/signature';
import { createSimulator, type Simulator } from './simulator';

interface AssemblyOptions {
  /** Real time, epoch ms. */
  clock: () => number;
  deliverySeconds: number;
  /** The callback URL of 大卡师, unless its state has one. */
  dakashiCallbackUrl: string | null;
  /** @throws Error before the keys are made */
  payKeys: () => PayKeys;
  closing: AbortSignal;
  onChange: () => void;
  onError: (error: unknown) => void;
}

export interface SandboxParts {
  clock: SandboxClock;
  signatureClock: SignatureClock;
  simulator: Simulator;
  deliveries: Deliveries;
  cashier: Cashier;
  dakashi: DakashiSimulator;
  mxchip: DeviceStore;
}

/** Assembles the parts that share one state, and the handlers of due events. */
export function assembleSandbox(state: SandboxState, options: AssemblyOptions): SandboxParts {
  const { clock: realClock, onError, onChange, dakashiCallbackUrl, ...rest } = options;
  const clock = createSandboxClock({
    state,
    clock: realClock,
    run: (event) => runDueEvent(event),
    onError,
  });
  const simulator = createSimulator({
    ...rest,
    state,
    now: clock.now,
    realNow: realClock,
    schedule: clock.schedule,
  });
  const signatureClock = createSignatureClock(simulator);
  const notificationFormats: NotificationFormats = {
    shingsou: unsignedNotificationFormat,
    wechatpay: payNotificationFormat(simulator, signatureClock),
  };
  const notify = createNotify(simulator);
  const deliveries = createDeliveries(simulator, notify);

  const dakashi = openDakashi(simulator, dakashiCallbackUrl);
  const mxchip = openDeviceStore(simulator);

  async function handleEvent(event: DueEvent): Promise<void> {
    switch (event.kind) {
      case 'dakashi':
        await handleDakashiEvent(dakashi, event);
        break;
      case 'deliveryEnds':
        deliveries.complete(event.outTradeNo, event.at);
        break;
      case 'refundEnds':
        completeRefund(simulator, notify, event.outRefundNo, event.at);
        break;
      case 'tradeRefundEnds': {
        const refund = completeTradeRefund(simulator, event.outRefundNo, event.at);
        if (refund) notifyRefund(simulator, refund, event.at);
        break;
      }
      case 'switchEnds':
        completeSwitch(simulator, event.iccid);
        break;
      case 'packageBegins':
        reactivateCard(simulator.cards.find(event.iccid), event.at);
        break;
      case 'notify':
        await attemptNotification(simulator, notificationFormats, event);
    }
  }

  async function runDueEvent(event: DueEvent): Promise<void> {
    await handleEvent(event);
    onChange();
  }

  const cashier = createCashier(simulator, deliveries, notify);
  return { clock, signatureClock, simulator, deliveries, cashier, dakashi, mxchip };
}
