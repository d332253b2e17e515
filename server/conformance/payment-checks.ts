import { beijingDate } from '@shared/beijing-time';
import type { Fen } from '@shared/money';
import type {
  BillEntry,
  PaymentGateway,
  PaymentOrder,
  RawNotification,
  RefundOrder,
} from '../platforms/ports';
import type { Check, Notes } from './check';

/** What is known about a payment channel before it is asked. */
export interface PaymentFacts {
  /** Epoch milliseconds. */
  clock: () => number;
  /** An order number and a refund number that nobody ever used. */
  unusedNumber: string;
  /** The number of an order that was paid through the channel; undefined where none is known. */
  paidNumber: string | undefined;
  /** An order to make and close again without its being paid; undefined where none is to be made. */
  order: PaymentOrder | undefined;
  /** A part of a payment that may really be given back; undefined where none may. */
  refund: RefundOrder | undefined;
  /** Lets time pass, in milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

export type PaymentCheck = Check<PaymentGateway, PaymentFacts>;

const DAY_MS = 24 * 60 * 60 * 1000;
const AHEAD_MS = 5 * 60 * 1000;

function isSum(amount: Fen): boolean {
  return Number.isSafeInteger(amount) && amount > 0;
}

const deniesUnknownPayments: PaymentCheck = {
  name: { 'zh-CN': '没有的订单号：不存在', en: 'A number nobody used is absent' },
  method: 'queryPayment',
  writes: false,
  async run(payments, { unusedNumber }, notes) {
    const { state } = await payments.queryPayment(unusedNumber);
    notes.expect('state: absent', state === 'absent');
  },
};

const deniesUnknownRefunds: PaymentCheck = {
  name: { 'zh-CN': '没有的退款号：不存在', en: 'A refund nobody asked for is absent' },
  method: 'queryRefund',
  writes: false,
  async run(payments, { unusedNumber }, notes) {
    notes.expect('state: absent', (await payments.queryRefund(unusedNumber)) === 'absent');
  },
};

const knowsThePayment: PaymentCheck = {
  name: { 'zh-CN': '给定订单的支付情况', en: 'The payment of the given order' },
  method: 'queryPayment',
  writes: false,
  lacks: (_payments, { paidNumber }) =>
    paidNumber === undefined ? 'no order number was given' : undefined,
  async run(payments, { paidNumber = '', clock }, notes) {
    const found = await payments.queryPayment(paidNumber);
    if (found.state !== 'paid' && found.state !== 'refunded') {
      notes.missing(`a payment (the state is ${found.state})`);
      return;
    }
    const { transactionId, amount, openid, paidAt } = found;
    notes.expect('amount: one fen or more', isSum(amount));
    notes.expect('transactionId: there', transactionId !== '');
    notes.told('openid', openid);
    notes.expect('paidAt: a time that has come', paidAt <= clock() + AHEAD_MS);
    if (!payments.queryTransaction) return;
    const same = await payments.queryTransaction(transactionId);
    notes.expect('queryTransaction: the same order', same?.orderNumber === paidNumber);
    notes.expect('queryTransaction: the same amount', same?.amount === amount);
  },
};

function checkEntry({ kind, amount, refundNumber, ...entry }: BillEntry, notes: Notes): void {
  notes.expect('entries[].amount: one fen or more', isSum(amount));
  notes.expect('entries[].orderNumber: there', entry.orderNumber !== '');
  notes.expect('entries[].transactionId: there', entry.transactionId !== '');
  notes.expect(
    'entries[].refundNumber: of refunds alone',
    (kind === 'refund') === (refundNumber !== null),
  );
}

const sendsTheBill: PaymentCheck = {
  name: { 'zh-CN': '前天和昨天的账单', en: 'The bills of the last two days' },
  method: 'downloadBill',
  writes: false,
  async run(payments, { clock }, notes) {
    for (const days of [2, 1]) {
      const bill = await payments.downloadBill(beijingDate(clock() - days * DAY_MS));
      // Yesterday's is not there before ten in the morning.
      notes.told(days === 1 ? 'the bill of yesterday' : 'the bill of the day before', bill);
      for (const entry of bill ?? []) checkEntry(entry, notes);
    }
  },
};

/** What anybody could send: nothing of it is signed by the channel. */
function forgeries(clock: () => number, orderNumber: string): RawNotification[] {
  const told = {
    id: 'forged',
    event_type: 'TRANSACTION.SUCCESS',
    resource_type: 'encrypt-resource',
  };
  const unsignedNotification = { event: 'paid', outTradeNo: orderNumber };
  const headers = {
    'wechatpay-serial': '7132D72A03E93CDDF8C03BBD1F37EEDF0123ABCD',
    'wechatpay-nonce': 'forged-by-the-conformance-suite0',
    'wechatpay-timestamp': String(Math.floor(clock() / 1000)),
    'wechatpay-signature': Buffer.alloc(256, 7).toString('base64'),
  };
  const bodies = ['', '{', '{}', '[]', JSON.stringify(told), JSON.stringify(unsignedNotification)];
  return bodies.flatMap((text) => [
    { headers: {}, body: Buffer.from(text) },
    { headers, body: Buffer.from(text) },
  ]);
}

const believesNoForgery: PaymentCheck = {
  name: { 'zh-CN': '伪造的通知不作数', en: 'A forged notification proves nothing' },
  method: 'readNotification',
  writes: false,
  async run(payments, { clock, unusedNumber }, notes) {
    for (const forged of forgeries(clock, unusedNumber)) {
      const reading = await payments.readNotification(forged);
      const isProof = reading.outcome === 'taken' && reading.notification.signed;
      notes.expect('nothing forged counts as signed', !isProof);
      if (forged.body.length < 3) {
        notes.expect('what has no form is refused', reading.outcome === 'refused');
      }
    }
  },
};

export const paymentChecks: readonly PaymentCheck[] = [
  deniesUnknownPayments,
  deniesUnknownRefunds,
  knowsThePayment,
  sendsTheBill,
  believesNoForgery,
];
