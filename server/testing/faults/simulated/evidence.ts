import { beijingDate } from '@shared/beijing-time';
import { startOfBillingMonth } from '@shared/billing-month';
import { z } from 'zod';
import { parseJson } from '../../../platforms/parse-json';
import type { DeliveryState, PlacedOrder } from '../../../platforms/ports';
import type { CardProvider } from './card-provider';

/** What is visible of an order at a card platform that takes no numbers of ours. */
export interface Evidence {
  /** What a card holds of a package, as canonical JSON that can be compared later. */
  packageSnapshot(cardRef: string, packageId: string): string;
  /** By the platform's reference if known; else by what the card holds beyond `snapshotBefore`. */
  delivery(order: PlacedOrder): DeliveryState;
}

const heldRows = z.array(z.string());

/** The one row that was added; undefined unless all others are unchanged. */
function onlyNew(before: readonly string[], after: readonly string[]): string | undefined {
  const left = [...after];
  for (const row of before) {
    const index = left.indexOf(row);
    if (index === -1) return undefined;
    left.splice(index, 1);
  }
  return left.length === 1 ? left[0] : undefined;
}

export function createEvidence(provider: CardProvider, now: () => number): Evidence {
  /** For each package held: the billing month in which it starts, and the day it was delivered. */
  function rowsOf(cardRef: string, packageId: string): string[] {
    const rows = provider.orders().flatMap(({ order, month, listedAt, state }) => {
      const isIt = order.cardRef === cardRef && order.packageId === packageId;
      const isSeen = state.state === 'delivered' && listedAt <= now();
      return isIt && isSeen ? [`${beijingDate(month)} ${beijingDate(state.at)}`] : [];
    });
    return rows.sort();
  }

  function byReference(reference: string): DeliveryState {
    const made = provider.orders().find((each) => each.reference === reference);
    return made && made.listedAt <= now() ? made.state : { state: 'pending' };
  }

  function bySnapshot({
    cardRef,
    packageId,
    effectiveFrom,
    settlementDay,
    snapshotBefore: before,
  }: PlacedOrder): DeliveryState {
    const month = beijingDate(startOfBillingMonth(effectiveFrom, settlementDay));
    const known = heldRows.safeParse(parseJson(before ?? ''));
    const found = known.success ? onlyNew(known.data, rowsOf(cardRef, packageId)) : undefined;
    const isIt = found?.startsWith(`${month} `) === true;
    return isIt ? { state: 'delivered', at: now() } : { state: 'pending' };
  }

  return {
    packageSnapshot: (cardRef, packageId) => JSON.stringify(rowsOf(cardRef, packageId)),
    delivery: (order) =>
      order.reference === null ? bySnapshot(order) : byReference(order.reference),
  };
}
