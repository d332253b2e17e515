import { beijingDate, parseBeijing } from '@shared/beijing-time';
import { startOfBillingMonth } from '@shared/billing-month';
import { z } from 'zod';
import { oddElements } from '../elements';
import { parseJson } from '../parse-json';
import { PlatformUnavailable } from '../ports';
import type { PlacedOrder } from '../ports';
import type { AnswerOf } from './client';
import { operations } from './operations';

/**
 * Snapshots of a package on a card, to compare before and after an order. /recharge takes no order number of
 * ours, so after a lost answer the comparison is the only evidence.
 */

type MemberProducts = AnswerOf<'memberProducts'>;

const OPERATION = operations.memberProducts.id;

const row = z.object({ start: z.string(), end: z.string(), state: z.string() });
const packageSnapshot = z.object({ asked: z.string(), count: z.int().min(0), rows: z.array(row) });
type PackageSnapshot = z.infer<typeof packageSnapshot>;
type Row = z.infer<typeof row>;

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** The period of a row. Its state changes over time, so it is not compared. */
function spanOf({ start, end }: Row): string {
  return `${start} ${end}`;
}

/**
 * A row that could be read only after the order would look as if it were new, so nothing is compared while
 * a row that may be of this package is unreadable.
 * @throws PlatformUnavailable unless every unreadable row is of another package
 */
function assertReadable({ packages }: MemberProducts, packageId: string): void {
  const isOther = (id: string | null) => id !== null && id !== '' && id !== packageId;
  if (oddElements(packages).every(({ id }) => isOther(id))) return;
  throw new PlatformUnavailable(`dakashi ${OPERATION}: a package of the card is unreadable`);
}

function readRows(products: MemberProducts, packageId: string): Row[] {
  assertReadable(products, packageId);
  return products.packages
    .filter(({ product_no }) => product_no === packageId)
    .map(({ start_time, end_time, state }) => ({
      start: start_time ?? '',
      end: end_time ?? '',
      state,
    }))
    .sort((one, other) => compare(spanOf(one), spanOf(other)) || compare(one.state, other.state));
}

/**
 * The rows of a package on a card as canonical JSON: the Beijing day of the query, the number of rows, and the
 * first day, last day and state of each; an empty text for no day.
 * @param now the platform's time, in epoch ms
 * @throws PlatformUnavailable if a row that may be of this package is unreadable
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

/** The only new row; undefined if there are several, or an old row has changed. */
function onlyNewRow(before: readonly Row[], after: readonly Row[]): Row | undefined {
  const remaining = after.slice();
  for (const known of before) {
    const index = remaining.findIndex((held) => spanOf(held) === spanOf(known));
    if (index === -1) return undefined;
    remaining.splice(index, 1);
  }
  return remaining.length === 1 ? remaining[0] : undefined;
}

/** Whether a row starts in the ordered billing month. A month may have ended since the order. */
function isInOrderedMonth(
  found: Row,
  { effectiveFrom, settlementDay }: PlacedOrder,
  asked: string,
  now: number,
): boolean {
  const [start, askedAt] = [parseBeijing(found.start), parseBeijing(asked)];
  if (start === undefined || askedAt === undefined) return false;
  const monthOf = (instant: number, offset = 0) =>
    startOfBillingMonth(instant, settlementDay, offset);
  const orderedMonth = monthOf(effectiveFrom);
  const monthsAhead = orderedMonth > monthOf(askedAt) ? 1 : 0;
  return monthOf(start) >= orderedMonth && monthOf(start) <= monthOf(now, monthsAhead);
}

/**
 * Whether a card's packages prove the delivery of an order: there is exactly one more row of the package than
 * before the order, and it starts in the ordered month. Anything else proves neither delivery nor failure.
 * @param now the platform's time, in epoch ms
 * @throws PlatformUnavailable if a row that may be of this package is unreadable
 */
export function provesDelivery(order: PlacedOrder, products: MemberProducts, now: number): boolean {
  const before = packageSnapshot.safeParse(parseJson(order.snapshotBefore ?? ''));
  if (!before.success || before.data.count !== before.data.rows.length) return false;
  const newRow = onlyNewRow(before.data.rows, readRows(products, order.packageId));
  return newRow !== undefined && isInOrderedMonth(newRow, order, before.data.asked, now);
}
