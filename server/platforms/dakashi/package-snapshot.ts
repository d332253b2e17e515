import { beijingDate } from '@shared/beijing-time';
import { z } from 'zod';
import { parseJson } from '../parse-json';
import type { PlacedOrder } from '../ports';
import type { AnswerOf } from './client';

/**
 * What a card holds of a package, to be compared before and after an order: /recharge takes no number of
 * ours, so after a lost answer this is the only evidence there is.
 */

type MemberProducts = AnswerOf<'memberProducts'>;

const row = z.object({ start: z.string(), end: z.string(), state: z.string() });
const packageSnapshot = z.object({ asked: z.string(), count: z.int().min(0), rows: z.array(row) });
type PackageSnapshot = z.infer<typeof packageSnapshot>;
type Row = z.infer<typeof row>;

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** The span of a row. Its state moves on by itself, so it is no part of what is compared. */
function spanOf({ start, end }: Row): string {
  return `${start} ${end}`;
}

function readRows({ packages }: MemberProducts, packageId: string): Row[] {
  return packages
    .filter(({ product_no }) => product_no === packageId)
    .map(({ start_time: start, end_time: end, state }) => ({ start, end, state }))
    .sort((one, other) => compare(spanOf(one), spanOf(other)) || compare(one.state, other.state));
}

/**
 * The held rows of one package as canonical JSON: the Beijing day it was asked on, how many there are, and
 * of each its first day, last day and state. `now` is the platform's time, in epoch milliseconds.
 */
export function createPackageSnapshot(
  products: MemberProducts,
  packageId: string,
  now: number,
): string {
  const rows = readRows(products, packageId);
  const snapshot: PackageSnapshot = { asked: beijingDate(now), count: rows.length, rows };
  return JSON.stringify(snapshot);
}

/** The one row that was not there before; undefined unless all others are as they were. */
function onlyNewRow(before: readonly Row[], after: readonly Row[]): Row | undefined {
  const remaining = after.slice();
  for (const known of before) {
    const index = remaining.findIndex((held) => spanOf(held) === spanOf(known));
    if (index === -1) return undefined;
    remaining.splice(index, 1);
  }
  return remaining.length === 1 ? remaining[0] : undefined;
}

function monthOf(day: string): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
}

/** Whether a row begins in the month that was ordered, wherever a month ended since it was ordered. */
function isInOrderedMonth(
  found: Row,
  { effective }: PlacedOrder,
  asked: string,
  today: string,
): boolean {
  const monthsAhead = effective === 'now' ? 0 : 1;
  const start = monthOf(found.start);
  return start >= monthOf(asked) + monthsAhead && start <= monthOf(today) + monthsAhead;
}

/**
 * Whether a card holds what an order was for: one more row of the package than before it was placed, of
 * the month it was for. Anything else proves nothing, neither that it was delivered nor that it was not.
 */
export function provesDelivery(order: PlacedOrder, products: MemberProducts, now: number): boolean {
  const before = packageSnapshot.safeParse(parseJson(order.snapshotBefore ?? ''));
  if (!before.success || before.data.count !== before.data.rows.length) return false;
  const newRow = onlyNewRow(before.data.rows, readRows(products, order.packageId));
  return (
    newRow !== undefined && isInOrderedMonth(newRow, order, before.data.asked, beijingDate(now))
  );
}
