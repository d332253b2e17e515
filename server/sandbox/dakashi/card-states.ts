import { beijingDate } from '@shared/beijing-time';
import { queueCallback } from './callbacks';
import type { DakashiSimulator } from './simulator';
import { findProduct } from './products';
import type { AgentCard, HeldProduct } from './state';

/** How long a change of state takes. */
const CHANGE_MS = 4_000;

/** The state of a package on a day: "1" current, "2" expired, "3" not started. */
export function productState({ start, end }: HeldProduct, today: string): '1' | '2' | '3' {
  if (end < today) return '2';
  return start > today ? '3' : '1';
}

/** The volume of the running packages, in MB. */
export function totalMb({ products }: AgentCard, now: number): number {
  const today = beijingDate(now);
  return products
    .filter((held) => productState(held, today) === '1')
    .reduce((sum, { productNo }) => sum + (findProduct(productNo)?.dataMb ?? 0), 0);
}

/** Powers the card on or off on request. */
export function requestPower(
  dakashi: DakashiSimulator,
  card: AgentCard,
  action: 1 | 2,
  at: number,
): void {
  card.sim = action === 1 ? '4' : '3';
  card.powerAsked = true;
  dakashi.schedule('stateEnds', card.serialNo, at + CHANGE_MS);
}

/** Reconnects the card. */
export function startNetworkReset(dakashi: DakashiSimulator, card: AgentCard, at: number): void {
  card.gprs = '4';
  dakashi.schedule('stateEnds', card.serialNo, at + CHANGE_MS);
}

/** Reactivates a card that has volume again. */
export function reactivateCard(dakashi: DakashiSimulator, card: AgentCard, at: number): void {
  if (totalMb(card, at) <= card.usedMb) return;
  if (card.sim === '0') card.sim = '4';
  if (card.gprs === '0') card.gprs = '4';
  if (card.sim === '4' || card.gprs === '4') {
    dakashi.schedule('stateEnds', card.serialNo, at + CHANGE_MS);
  }
}

/** Whether a card may be powered on: one without a running package is expired. */
function completePowerChange(card: AgentCard, at: number): boolean {
  const isGoingOff = card.sim === '3';
  const isExpired = totalMb(card, at) === 0;
  card.sim = isGoingOff || isExpired ? '0' : '1';
  return isGoingOff || !isExpired;
}

/** Completes a pending change of state. */
export function completeStateChange(dakashi: DakashiSimulator, serialNo: string, at: number): void {
  const card = dakashi.state.cards.find((one) => one.serialNo === serialNo);
  if (!card) return;
  if (card.gprs === '3') card.gprs = '0';
  if (card.gprs === '4') card.gprs = totalMb(card, at) > card.usedMb ? '1' : '0';
  if (card.sim !== '3' && card.sim !== '4') return;
  const operation = card.sim === '4' ? '1' : '2';
  const hasWorked = completePowerChange(card, at);
  if (!card.powerAsked) return;
  card.powerAsked = false;
  queueCallback(dakashi, at, {
    action_type: 2,
    serial_no: serialNo,
    operate_value: operation,
    status: hasWorked ? '3' : '2',
    errmsg: hasWorked ? '' : '卡已过期,无法执行复机指令',
  });
}
