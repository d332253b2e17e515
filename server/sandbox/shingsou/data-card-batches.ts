import { beijingDate } from '@shared/beijing-time';
import { carrierSettlementDays, endOfBillingMonth } from '@shared/billing-month';
import { reactivateCard } from '../deliveries';
import { products } from '../seed/products';
import type { SimCard } from '../state';
import type { Simulator } from '../simulator';
import type { DataCardBatch, DataCardMark } from './back-office-state';

/** 每天最多生成99,999,999张卡: the serial behind the day has eight digits. */
export const MAX_CARDS_PER_DAY = 99_999_999;
const SERIAL_DIGITS = 8;

/** A voucher of a batch. */
export interface DataCard {
  cardNo: string;
  batch: DataCardBatch;
}

const compactDay = (at: number) => beijingDate(at).replaceAll('-', '');

export function numberIn({ day, first }: DataCardBatch, position: number): string {
  return `${day}${String(first + position).padStart(SERIAL_DIGITS, '0')}`;
}

/** The number of vouchers that were created on a day. */
export function madeOnDay(simulator: Simulator, at: number): number {
  return simulator.state.shingsou.dataCardBatches
    .filter(({ day }) => day === compactDay(at))
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Creates the next numbers of the day. A batch is stored as a range. */
export function makeBatch(
  simulator: Simulator,
  input: Pick<DataCardBatch, 'batchNo' | 'productId' | 'quantity' | 'expiresAt'>,
): DataCardBatch {
  const createdAt = simulator.now();
  const first = madeOnDay(simulator, createdAt) + 1;
  const batch = { ...input, day: compactDay(createdAt), first, createdAt };
  simulator.state.shingsou.dataCardBatches.push(batch);
  return batch;
}

export function findDataCard(simulator: Simulator, cardNo: string): DataCard | undefined {
  const day = cardNo.slice(0, -SERIAL_DIGITS);
  const serial = Number(cardNo.slice(-SERIAL_DIGITS));
  const batch = simulator.state.shingsou.dataCardBatches.find(
    (one) => one.day === day && serial >= one.first && serial < one.first + one.quantity,
  );
  return batch && { cardNo, batch };
}

/** The vouchers at a range of positions over all batches. */
export function cardsInRange(
  batches: readonly DataCardBatch[],
  from: number,
  count: number,
): DataCard[] {
  const cards: DataCard[] = [];
  let before = 0;
  for (const batch of batches) {
    const start = Math.max(from + cards.length - before, 0);
    for (let at = start; at < batch.quantity && cards.length < count; at += 1) {
      cards.push({ cardNo: numberIn(batch, at), batch });
    }
    before += batch.quantity;
  }
  return cards;
}

export function markOf(simulator: Simulator, cardNo: string): DataCardMark {
  return simulator.state.shingsou.dataCardMarks[cardNo] ?? { consignee: null, used: null };
}

export function updateMark(
  simulator: Simulator,
  cardNo: string,
  changes: Partial<DataCardMark>,
): void {
  simulator.state.shingsou.dataCardMarks[cardNo] = { ...markOf(simulator, cardNo), ...changes };
}

/** Redeems a voucher for a card, whose package then starts at once. @returns the error, if it is refused */
export function redeem(simulator: Simulator, cardNo: string, card: SimCard): string | undefined {
  const dataCard = findDataCard(simulator, cardNo);
  const product = products.find(({ id }) => id === dataCard?.batch.productId);
  const now = simulator.now();
  if (!dataCard || !product) return 'no such 充值卡';
  if (markOf(simulator, cardNo).used) return 'it was used before';
  if (dataCard.batch.expiresAt <= now) return 'it has expired';
  const { id: productId, name, volumeMb, months } = product;
  const until = endOfBillingMonth(now, carrierSettlementDays[card.carrier], months - 1);
  card.packages.push({ productId, name, volumeMb, usedMb: 0, from: now, until });
  card.countedAt = now;
  reactivateCard(card, now);
  updateMark(simulator, cardNo, { used: { iccid: card.iccid, at: now } });
  return undefined;
}
