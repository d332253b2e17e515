import { beijingDate, parseBeijing } from '@shared/beijing-time';
import { fen } from '@shared/money';
import type {
  BillEntry,
  Outcome,
  Payment,
  PaymentOrder,
  PaymentState,
  RefundOrder,
  RefundState,
} from '../../../platforms/ports';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The bill of a day is made at ten in the morning of the next (WeChat Pay v3, 申请交易账单). */
const BILL_AFTER_MS = 34 * HOUR;

/** What the channel's own books say was taken, and given back. */
export interface ChannelPayment extends Payment {
  orderNumber: string;
}

export interface ChannelRefund {
  refundNumber: string;
  orderNumber: string;
  transactionId: string;
  amount: number;
  state: 'processing' | 'done' | 'abnormal';
  doneAt: number | null;
}

interface ChannelOrder {
  request: PaymentOrder;
  content: string;
  createdAt: number;
  closed: boolean;
  payments: ChannelPayment[];
}

/** What the channel tells the shop of. */
export interface ChannelEvent {
  kind: 'payment' | 'refund';
  orderNumber: string;
  transactionId: string;
}

export interface ChannelTraits {
  name: string;
  /** Closing is refused while an order is younger (WeChat Pay v2, 关闭订单: five minutes). */
  closableAfterMs: number;
  /** How long a refund is under way, in ms. */
  refundMs: number;
}

/** What can be wrong with one payment. */
export interface PaymentAnomaly {
  /** The channel takes another amount than was asked for, in fen. */
  amount?: number;
  /** Somebody else pays. */
  openid?: string;
  /** The channel takes it although the order is paid, or was closed meanwhile. */
  acceptsDuplicate?: boolean;
}

/** Switches of the channel that hold for a while. */
export interface ChannelSwitches {
  balanceShort: boolean;
  refundAbnormal: boolean;
}

export interface ChannelParts {
  now: () => number;
  later: (ms: number, action: () => void) => void;
  tell: (event: ChannelEvent) => void;
  /** An order it had not heard of can now be paid. */
  onOpened: (orderNumber: string) => void;
  traits: ChannelTraits;
}

type CreateReason = 'alreadyPaid' | 'closed' | 'rejected';
type CloseReason = 'alreadyPaid' | 'tooEarly' | 'rejected';

function refused<Reason extends string>(reason: Reason): Outcome<never, Reason> {
  return { outcome: 'refused', reason, message: reason };
}

/**
 * A payment channel as WeChat Pay behaves behind the port: order numbers are idempotent, what is paid
 * cannot be closed, refunds are idempotent by their number and never add up to more than was paid.
 * It keeps its own books and knows nothing of the shop.
 */
export function createChannel({ now, later, tell, onOpened, traits }: ChannelParts) {
  const orders = new Map<string, ChannelOrder>();
  const refunds = new Map<string, ChannelRefund>();
  const paymentRequests = new Map<string, string>();
  const switches: ChannelSwitches = { balanceShort: false, refundAbnormal: false };
  let transactions = 0;

  function paymentRequestFor(orderNumber: string) {
    const prepayId = `${traits.name}-sheet-${String(paymentRequests.size + 1)}`;
    paymentRequests.set(prepayId, orderNumber);
    return {
      timeStamp: String(Math.floor(now() / 1000)),
      nonceStr: prepayId,
      package: `prepay_id=${prepayId}`,
      signType: 'RSA' as const,
      paySign: '',
    };
  }

  function create(
    request: PaymentOrder,
  ): Outcome<ReturnType<typeof paymentRequestFor>, CreateReason> {
    const content = JSON.stringify(request);
    const known = orders.get(request.orderNumber);
    if (known?.content !== content && known) return refused('rejected');
    if (known?.closed) return refused('closed');
    if (known && known.payments.length > 0) return refused('alreadyPaid');
    if (now() >= request.payBefore) return refused('rejected');
    if (!known) {
      const createdAt = now();
      orders.set(request.orderNumber, { request, content, createdAt, closed: false, payments: [] });
      onOpened(request.orderNumber);
    }
    return { outcome: 'done', value: paymentRequestFor(request.orderNumber) };
  }

  function query(orderNumber: string): PaymentState {
    const order = orders.get(orderNumber);
    if (!order) return { state: 'absent' };
    const first = order.payments[0];
    if (!first) return { state: order.closed ? 'closed' : 'unpaid' };
    const { amount, transactionId, openid, paidAt } = first;
    const state = refundedAmount(transactionId) > 0 ? 'refunded' : 'paid';
    return { state, amount, transactionId, openid, paidAt };
  }

  function queryTransaction(transactionId: string): ChannelPayment | undefined {
    return payments().find((payment) => payment.transactionId === transactionId);
  }

  function close(orderNumber: string): Outcome<null, CloseReason> {
    const order = orders.get(orderNumber);
    // WeChat answers that there is no such order, which adapters read as nothing left to close.
    if (!order) return { outcome: 'done', value: null };
    if (order.payments.length > 0) return refused('alreadyPaid');
    if (now() < order.createdAt + traits.closableAfterMs) return refused('tooEarly');
    order.closed = true;
    return { outcome: 'done', value: null };
  }

  /** A customer pays at a sheet. @returns what the channel took; undefined where it took nothing */
  function pay(prepayId: string, anomaly: PaymentAnomaly = {}): ChannelPayment | undefined {
    const order = orders.get(paymentRequests.get(prepayId) ?? '');
    if (!order || now() >= order.request.payBefore) return undefined;
    const barred = order.closed || order.payments.length > 0;
    if (barred && !anomaly.acceptsDuplicate) return undefined;
    transactions += 1;
    const payment: ChannelPayment = {
      orderNumber: order.request.orderNumber,
      transactionId: `${traits.name}-transaction-${String(transactions)}`,
      amount: fen(anomaly.amount ?? order.request.amount),
      openid: anomaly.openid ?? order.request.openid,
      paidAt: now(),
    };
    order.payments.push(payment);
    tell({
      kind: 'payment',
      orderNumber: payment.orderNumber,
      transactionId: payment.transactionId,
    });
    return payment;
  }

  /** What was, or is being, given back of a transaction, in fen. */
  function refundedAmount(transactionId: string): number {
    return [...refunds.values()]
      .filter((each) => each.transactionId === transactionId)
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  function refund(request: RefundOrder): Outcome<RefundState, 'rejected'> {
    const { refundNumber, orderNumber, transactionId, amount, paid } = request;
    const known = refunds.get(refundNumber);
    if (known) {
      const same = known.transactionId === transactionId && known.amount === amount;
      return same ? { outcome: 'done', value: known.state } : refused('rejected');
    }
    const payment = queryTransaction(transactionId);
    if (payment?.orderNumber !== orderNumber || payment.amount !== paid) return refused('rejected');
    if (refundedAmount(transactionId) + amount > payment.amount) return refused('rejected');
    if (switches.balanceShort) return { outcome: 'done', value: 'notEnoughBalance' };
    const made: ChannelRefund = { ...request, state: 'processing', doneAt: null };
    refunds.set(refundNumber, made);
    if (switches.refundAbnormal) made.state = 'abnormal';
    else later(traits.refundMs, () => finishRefund(made));
    return { outcome: 'done', value: made.state };
  }

  function finishRefund(made: ChannelRefund): void {
    made.state = 'done';
    made.doneAt = now();
    const { orderNumber, transactionId } = made;
    tell({ kind: 'refund', orderNumber, transactionId });
  }

  function payments(): ChannelPayment[] {
    return [...orders.values()].flatMap((order) => order.payments);
  }

  function bill(day: string): BillEntry[] | undefined {
    const start = parseBeijing(day);
    if (start === undefined || now() < start + BILL_AFTER_MS) return undefined;
    const taken = payments().filter(({ paidAt }) => beijingDate(paidAt) === day);
    const returned = [...refunds.values()].filter(
      ({ doneAt }) => doneAt !== null && beijingDate(doneAt) === day,
    );
    return [
      ...taken.map(({ orderNumber, transactionId, amount }) => ({
        kind: 'payment' as const,
        refundNumber: null,
        orderNumber,
        transactionId,
        amount,
      })),
      ...returned.map(({ orderNumber, transactionId, refundNumber, amount }) => ({
        kind: 'refund' as const,
        orderNumber,
        transactionId,
        refundNumber,
        amount: fen(amount),
      })),
    ];
  }

  return {
    traits,
    switches,
    create,
    query,
    queryTransaction,
    close,
    pay,
    refund,
    queryRefund: (refundNumber: string): RefundState =>
      refunds.get(refundNumber)?.state ?? 'absent',
    bill,
    isClosed: (orderNumber: string) => orders.get(orderNumber)?.closed ?? false,
    request: (orderNumber: string) => orders.get(orderNumber)?.request,
    /** A person at the channel mends refunds that could not arrive. */
    resolveStuckRefunds: () => {
      for (const made of refunds.values()) if (made.state === 'abnormal') finishRefund(made);
    },
    payments,
    refunds: () => [...refunds.values()],
  };
}

export type Channel = ReturnType<typeof createChannel>;
