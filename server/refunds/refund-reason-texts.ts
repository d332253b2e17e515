import type { RefundRow } from '../store/schema';

/** Reasons shown to the customer on WeChat's refund receipt, by the reason that is stored with the refund. */
const reasonTexts: Readonly<Record<string, string>> = {
  paidTwice: '重复付款，原路退款',
  reviewing: '付款与订单不符，原路退款',
};
const DEFAULT_REASON = '充值未成功，原路退款';
/** What staff enter as a reason is for the shop alone. */
const STAFF_REASON = '商家退款';

/** The reason of a refund as the customer reads it on WeChat's receipt. */
export function refundReasonText({ staff_id, reason }: RefundRow): string {
  return staff_id === null ? (reasonTexts[reason] ?? DEFAULT_REASON) : STAFF_REASON;
}
