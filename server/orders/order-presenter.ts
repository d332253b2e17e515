import { maskNumber } from '@shared/card-number';
import type { Order, PaymentParameters } from '@shared/contract';
import type { Language, LocalizedText } from '@shared/language';
import type { OrderAction } from '@shared/order-state';
import { orderStateTexts } from '@shared/order-state';
import { rfc3339 } from '../lib/rfc3339';
import type { OrderEventRow, OrderRow } from '../store/schema';
import { eventLabel } from './order-events';

const cancellingTexts: { label: LocalizedText; advice: LocalizedText } = {
  label: { 'zh-CN': '正在取消', en: 'Being cancelled' },
  advice: {
    'zh-CN': '没有扣款。微信要求下单几分钟后才能关闭，届时会自动关闭。',
    en: 'Nothing was charged. WeChat closes orders only some minutes after they were made; it will close by itself.',
  },
};

export interface OrderView {
  language: Language;
  /** Epoch ms. */
  now: number;
  /** Staff see card numbers whole. */
  showNumbers?: boolean;
  payment?: PaymentParameters | undefined;
}

function isoOrNull(instant: number | null): string | null {
  return instant === null ? null : rfc3339(instant);
}

function isBeingCancelled(order: OrderRow): boolean {
  return (
    order.cancel_requested_at !== null &&
    (order.state === 'created' || order.state === 'awaitingPayment')
  );
}

function actionsFor(order: OrderRow, now: number): OrderAction[] {
  switch (order.state) {
    case 'created':
    case 'awaitingPayment':
      if (now >= order.pay_before) return [];
      return isBeingCancelled(order) ? ['pay'] : ['pay', 'cancel'];
    case 'delivered':
    case 'closed':
    case 'refunded':
      return ['buyAgain'];
    default:
      return [];
  }
}

/** An order as clients see it. */
export function presentOrder(
  order: OrderRow,
  events: readonly OrderEventRow[],
  { language, now, showNumbers = false, payment }: OrderView,
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
    package: { id: order.package_id, name: order.package_name, dataMb: order.package_data_mb },
    effective: order.effective,
    effectiveFrom: rfc3339(order.effective_from),
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
  };
}
