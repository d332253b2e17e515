import { maskNumber } from '@shared/card-number';
import type { Order, PaymentParameters } from '@shared/contract';
import type { Language, LocalizedText } from '@shared/language';
import { orderStateTexts } from '@shared/order-state';
import { rfc3339 } from '../lib/rfc3339';
import type { OrderEventRow, OrderRow } from '../store/schema';
import { actionsFor, isBeingCancelled } from './order-actions';
import { eventLabel } from './order-events';
import { UNSTATED_DATA_MB } from './package-volume';

/** Shown instead of the state's own texts while an order is being cancelled. */
const cancellingTexts: { label: LocalizedText; advice: LocalizedText } = {
  label: { 'zh-CN': '正在取消', en: 'Being cancelled' },
  advice: {
    'zh-CN': '没有扣款。微信要求下单几分钟后才能关闭，届时会自动关闭。',
    en: 'Nothing was charged. WeChat closes orders only some minutes after they were placed; this one will close by itself.',
  },
};

export interface OrderView {
  language: Language;
  /** Epoch ms. */
  now: number;
  /** Shows card numbers in full, for staff. */
  showNumbers?: boolean;
  payment?: PaymentParameters | undefined;
  /** Given if the platforms do not answer: the time of the state, epoch ms. */
  asOf?: number | undefined;
}

function isoOrNull(instant: number | null): string | null {
  return instant === null ? null : rfc3339(instant);
}

/** An order as the API returns it. */
export function presentOrder(
  order: OrderRow,
  events: readonly OrderEventRow[],
  { language, now, showNumbers = false, payment, asOf }: OrderView,
): Order {
  const displayNumber = showNumbers ? (number: string) => number : maskNumber;
  const texts = isBeingCancelled(order) ? cancellingTexts : orderStateTexts[order.state];
  return {
    id: order.id,
    number: order.number,
    card: {
      id: order.card_id,
      number: displayNumber(order.iccid ?? order.card_ref),
      iccid: order.iccid === null ? null : displayNumber(order.iccid),
    },
    package: {
      id: order.package_id,
      name: order.package_name,
      dataMb: order.package_data_mb === UNSTATED_DATA_MB ? null : order.package_data_mb,
    },
    effective: order.effective,
    effectiveFrom: rfc3339(order.effective_from),
    effectiveUntil: isoOrNull(order.effective_until),
    amountFen: order.amount_fen,
    state: order.state,
    stateLabel: texts.label[language],
    stateAdvice: texts.advice[language],
    createdAt: rfc3339(order.created_at),
    payBefore: rfc3339(order.pay_before),
    paidAt: isoOrNull(order.paid_at),
    deliveredAt: isoOrNull(order.delivered_at),
    transactionId: order.transaction_id,
    events: events.map((event) => ({
      at: rfc3339(event.at),
      type: event.type,
      label: eventLabel(event, language),
    })),
    actions: actionsFor(order, now),
    ...(payment && { payment }),
    ...(asOf !== undefined && { asOf: rfc3339(asOf) }),
  };
}
