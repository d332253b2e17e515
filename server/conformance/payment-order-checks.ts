import { fen } from '@shared/money';
import type { PaymentGateway, PaymentOrder } from '../platforms/ports';
import type { CheckRecorder } from './check';
import type { PaymentCheck, PaymentFacts } from './payment-checks';

/** WeChat Pay closes no order within five minutes of its creation. */
const CLOSABLE_AFTER_MS = 5 * 60 * 1000 + 10_000;

async function closePayment(
  payments: PaymentGateway,
  { orderNumber }: PaymentOrder,
  { wait }: PaymentFacts,
): Promise<string> {
  const first = await payments.closePayment(orderNumber);
  if (first.outcome !== 'refused' || first.reason !== 'tooEarly') return first.outcome;
  await wait(CLOSABLE_AFTER_MS);
  return (await payments.closePayment(orderNumber)).outcome;
}

async function checkPaymentRequest(
  payments: PaymentGateway,
  order: PaymentOrder,
  recorder: CheckRecorder,
) {
  const paymentRequest = await payments.createPayment(order);
  recorder.expect('createPayment: done', paymentRequest.outcome === 'done');
  if (paymentRequest.outcome !== 'done') return false;
  const { timeStamp, nonceStr, package: prepay, paySign } = paymentRequest.value;
  recorder.expect('payment parameters: not empty', ![timeStamp, nonceStr, paySign].includes(''));
  recorder.expect('package: a prepay_id', prepay.startsWith('prepay_id='));
  const again = await payments.createPayment(order);
  recorder.expect('the same order again: done', again.outcome === 'done');
  return true;
}

const orderIsCreatedAndClosed: PaymentCheck = {
  name: { 'zh-CN': '下单、重复下单、关单', en: 'An order is created, created again, and closed' },
  method: 'createPayment, closePayment',
  writes: true,
  skipReason: (_payments, { order }) =>
    order === undefined ? 'no order is to be created' : undefined,
  async run(payments, facts, recorder) {
    const { order } = facts;
    if (order === undefined || !(await checkPaymentRequest(payments, order, recorder))) return;
    const unpaid = await payments.queryPayment(order.orderNumber);
    recorder.expect('queryPayment: unpaid', unpaid.state === 'unpaid');
    recorder.expect('closePayment: done', (await closePayment(payments, order, facts)) === 'done');
    const closed = await payments.queryPayment(order.orderNumber);
    recorder.expect('queryPayment: closed', closed.state === 'closed');
    const twice = await payments.closePayment(order.orderNumber);
    recorder.expect('closePayment again: done', twice.outcome === 'done');
    const late = await payments.createPayment(order);
    recorder.expect('createPayment of a closed order: not done', late.outcome !== 'done');
  },
};

const unpaidOrderIsNotRefunded: PaymentCheck = {
  name: { 'zh-CN': '没有支付过的订单不能退款', en: 'An unpaid order is not refunded' },
  method: 'refund',
  writes: true,
  async run(payments, { unusedNumber }, recorder) {
    const sum = { paid: fen(1), amount: fen(1), reason: 'Liuka conformance' };
    const numbers = { orderNumber: unusedNumber, refundNumber: unusedNumber };
    const transactionId = '4200000000000000000000000000';
    const { outcome } = await payments.refund({ ...numbers, ...sum, transactionId });
    recorder.expect('refund: refused', outcome === 'refused');
    recorder.expect('queryRefund: absent', (await payments.queryRefund(unusedNumber)) === 'absent');
  },
};

const refundIsIdempotent: PaymentCheck = {
  name: { 'zh-CN': '同一退款号只退一次', en: 'A refund number refunds once' },
  method: 'refund',
  writes: true,
  skipReason: (_payments, { refund }) =>
    refund === undefined ? 'no payment may be refunded' : undefined,
  async run(payments, { refund, wait }, recorder) {
    if (refund === undefined) return;
    const first = await payments.refund(refund);
    const second = await payments.refund(refund);
    recorder.expect('refund: done', first.outcome === 'done');
    recorder.expect('the same refund again: done', second.outcome === 'done');
    await wait(60_000);
    const state = await payments.queryRefund(refund.refundNumber);
    recorder.expect('queryRefund: processing or done', ['processing', 'done'].includes(state));
    const paid = await payments.queryPayment(refund.orderNumber);
    recorder.expect('queryPayment: refunded', paid.state === 'refunded');
  },
};

export const paymentOrderChecks: readonly PaymentCheck[] = [
  orderIsCreatedAndClosed,
  unpaidOrderIsNotRefunded,
  refundIsIdempotent,
];
