import type { Order } from '@shared/contract';
import { groupByMonth } from './group-by-month';

/** An order with the fields that grouping reads. */
function orderAt(createdAt: string): Order {
  return { id: createdAt, createdAt } as Order;
}

test('orders are grouped by the Beijing month they were placed in, and keep their sequence', () => {
  const orders = [
    // Already December in Beijing.
    '2026-11-30T16:00:00.000Z',
    '2026-11-30T15:59:59.000Z',
    '2026-11-01T00:00:00.000Z',
    '2025-11-05T00:00:00.000Z',
  ].map(orderAt);
  const months = groupByMonth(orders).map(({ year, month, orders: grouped }) => [
    year,
    month,
    grouped.length,
  ]);
  expect(months).toEqual([
    [2026, 12, 1],
    [2026, 11, 2],
    [2025, 11, 1],
  ]);
});

test('no orders give no groups', () => {
  expect(groupByMonth([])).toEqual([]);
});
