import fc from 'fast-check';
import type { CaptureRow, RefundRow } from '../store/schema';
import { refundableFen } from './refund-queries';

const capture = (id: string, amount: number): CaptureRow => ({
  id,
  order_id: 'order',
  channel: 'wechatpay',
  transaction_id: id,
  amount_fen: amount,
  paid_at: 0,
});

const refundOf = ({ id }: CaptureRow, amount: number, number: number): RefundRow => ({
  id: String(number),
  order_id: 'order',
  capture_id: id,
  number: `R${number}`,
  amount_fen: amount,
  reason: '',
  state: 'requested',
  state_since: 0,
  version: 0,
  staff_id: null,
  replaces_id: null,
  origin: 'shop',
  redirected_to: null,
  created_at: 0,
  updated_at: 0,
});

/** All ways to split a payment into parts, up to the largest safe integer. */
const splits = fc
  .array(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { minLength: 1, maxLength: 51 })
  .map((marks) => [...new Set(marks)].sort((a, b) => a - b))
  .map((marks) => ({
    total: marks.at(-1)!,
    parts: marks.map((mark, index) => mark - (marks[index - 1] ?? 0)),
  }));

test('nothing is left of a payment that is refunded in parts, however it is split', () => {
  fc.assert(
    fc.property(splits, ({ total, parts }) => {
      const paid = capture('first', total);
      const refunds = parts.map((amount, index) => refundOf(paid, amount, index));
      expect(refundableFen(paid, refunds)).toBe(0);
      expect(refundableFen(paid, [...refunds].reverse())).toBe(0);
    }),
  );
});

test('each refund reduces what is left by exactly its amount', () => {
  fc.assert(
    fc.property(splits, ({ total, parts }) => {
      const paid = capture('first', total);
      const refunds: RefundRow[] = [];
      for (const [index, amount] of parts.entries()) {
        const before = refundableFen(paid, refunds);
        refunds.push(refundOf(paid, amount, index));
        expect(before - refundableFen(paid, refunds)).toBe(amount);
      }
    }),
  );
});

test('the refunds of one payment do not affect another payment of the order', () => {
  fc.assert(
    fc.property(splits, fc.integer({ min: 1, max: 10 ** 9 }), ({ total, parts }, amount) => {
      const [first, second] = [capture('first', total), capture('second', amount)];
      const refunds = parts.map((part, index) => refundOf(first, part, index));
      expect(refundableFen(second, refunds)).toBe(amount);
    }),
  );
});
