import { beijingDate, parseBeijing } from '@shared/beijing-time';
import { fen } from '@shared/money';
import type {
  BillEntry,
  ChannelRefund as PortRefund,
  Outcome,
  Payment,
  PaymentOrder,
  PaymentState,
  RefundOrder,
  RefundState,
} from '../../../platforms/ports';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A day's bill is available from 10:00 of the next day on (WeChat Pay v3, 申请交易账单). */
const BILL_AFTER_MS = 34 * HOUR;

/** A payment in the channel's ledger. */
export interface ChannelPayment extends Payment {
  orderNumber: string;
}

export interface ChannelRefund {
  refundNumber: string;
  orderNumber: string;
  transactionId: string;
  amount: number;
  state: 'processing' | 'done' | 'abnormal' | 'closed';
  doneAt: number | null;
}

/** An order as it is registered; with its relative start, at a channel that delivers by itself. */
type ChannelRequest = PaymentOrder & { effective?: 'now' | 'nextMonth' };

interface ChannelOrder {
  request: ChannelRequest;
  content: string;
  createdAt: number;
  closed: boolean;
  payments: ChannelPayment[];
}

/** An event that the channel notifies the merchant of. */
export interface ChannelEvent {
  kind: 'payment' | 'refund';
  orderNumber: string;
  transactionId: string;
  /** For an event of a refund. */
  refundNumber?: string;
}

export interface ChannelTraits {
  name: string;
  /** Closing is refused while an order is younger (WeChat Pay v2, 关闭订单: five minutes). */
  closableAfterMs: number;
  /** How long a refund takes, in ms. */
  refundMs: number;
}

/** Deviations of one payment from its order. */
export interface PaymentAnomaly {
  /** Another amount than the order's, in fen. */
  amount?: number;
  /** Another payer. */
  openid?: string;
  /** Taken although the order is already paid or closed. */
  acceptsDuplicate?: boolean;
}

/** Faults of the channel that can be switched on and off. */
export interface ChannelSwitches {
  balanceShort: boolean;
  refundAbnormal: boolean;
  /** Refunds are closed instead of paid. */
  refundClosed: boolean;
}

export interface ChannelParts {
  now: () => number;
  later: (ms: number, action: () => void) => void;
  onEvent: (event: ChannelEvent) => void;
  /** A new order can be paid from now on. */
  onOpened: (orderNumber: string) => void;
  traits: ChannelTraits;
}

type CreateReason = 'alreadyPaid' | 'closed' | 'rejected';
type CloseReason = 'alreadyPaid' | 'tooEarly' | 'rejected';

function refused<Reason extends string>(reason: Reason): Outcome<never, Reason> {
  return { outcome: 'refused', reason, message: reason };
}

/**
 * A payment channel that behaves like WeChat Pay behind the port: order numbers are idempotent, a paid order
 * cannot be closed, refunds are idempotent by their number and never exceed the payment. It keeps its own
 * ledger and does not know the BFF.
 */
export function createChannel({ now, later, onEvent, onOpened, traits }: ChannelParts) {
  const orders = new Map<string, ChannelOrder>();
  const refunds = new Map<string, ChannelRefund>();
  const paymentRequests = new Map<string, string>();
  const switches: ChannelSwitches = {
    balanceShort: false,
    refundAbnormal: false,
    refundClosed: false,
  };
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
    request: ChannelRequest,
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
    // WeChat answers that there is no such order, and adapters read that as closed.
    if (!order) return { outcome: 'done', value: null };
    if (order.payments.length > 0) return refused('alreadyPaid');
    if (now() < order.createdAt + traits.closableAfterMs) return refused('tooEarly');
    order.closed = true;
    return { outcome: 'done', value: null };
  }

  /** A customer pays at a payment sheet. @returns the payment; undefined where none was taken */
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
    onEvent({
      kind: 'payment',
      orderNumber: payment.orderNumber,
      transactionId: payment.transactionId,
    });
    return payment;
  }

  /** The sum of a transaction's refunds, finished or not, but not closed, in fen. */
  function refundedAmount(transactionId: string): number {
    return [...refunds.values()]
      .filter((each) => each.transactionId === transactionId && each.state !== 'closed')
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
    made.state = switches.refundClosed ? 'closed' : 'done';
    made.doneAt = made.state === 'done' ? now() : null;
    const { orderNumber, transactionId, refundNumber } = made;
    onEvent({ kind: 'refund', orderNumber, transactionId, refundNumber });
  }

  /**
   * The shop's staff refund a payment in the channel's own console.
   * @returns whether so much was left of the payment
   */
  function refundInConsole(
    { transactionId, orderNumber }: ChannelPayment,
    amount: number,
  ): boolean {
    const left = (queryTransaction(transactionId)?.amount ?? 0) - refundedAmount(transactionId);
    if (amount < 1 || amount > left) return false;
    const refundNumber = `${traits.name}-console-${String(refunds.size + 1)}`;
    const made: ChannelRefund = {
      refundNumber,
      orderNumber,
      transactionId,
      amount,
      state: 'processing',
      doneAt: null,
    };
    refunds.set(refundNumber, made);
    later(traits.refundMs, () => finishRefund(made));
    return true;
  }

  function findRefund(refundNumber: string): PortRefund | undefined {
    const made = refunds.get(refundNumber);
    if (!made) return undefined;
    const { state, orderNumber, transactionId, amount } = made;
    return { state, orderNumber, transactionId, amount: fen(amount) };
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
    refundInConsole,
    findRefund,
    queryRefund: (refundNumber: string): RefundState =>
      refunds.get(refundNumber)?.state ?? 'absent',
    bill,
    isClosed: (orderNumber: string) => orders.get(orderNumber)?.closed ?? false,
    request: (orderNumber: string) => orders.get(orderNumber)?.request,
    /** The channel's staff finish refunds that could not arrive. */
    resolveStuckRefunds: () => {
      for (const made of refunds.values()) if (made.state === 'abnormal') finishRefund(made);
    },
    payments,
    refunds: () => [...refunds.values()],
  };
}

export type Channel = ReturnType<typeof createChannel>;
