import type { Card } from '@shared/contract';
import { carriers } from '@shared/carrier-status';
import type { Carrier } from '@shared/carrier-status';
import { isRecord, isString } from '@client/lib/guards';

/** A card that was looked up before. Its number is masked as the BFF sent it. */
export interface RecentLookUp {
  cardId: string;
  number: string;
  carrier: Carrier;
}

const MAX_LOOK_UPS = 5;

function isCarrier(value: unknown): value is Carrier {
  return carriers.some((carrier) => carrier === value);
}

function isLookUp(value: unknown): value is RecentLookUp {
  return (
    isRecord(value) && isString(value.cardId) && isString(value.number) && isCarrier(value.carrier)
  );
}

/** Whether a stored value is a list of look-ups. */
export function isLookUps(value: unknown): value is RecentLookUp[] {
  return Array.isArray(value) && value.every(isLookUp);
}

/** The list with this card moved or added to the front, limited to the latest few. */
export function addLookUp(list: readonly RecentLookUp[], card: Card): RecentLookUp[] {
  const { id: cardId, number, carrier } = card;
  const others = list.filter((lookUp) => lookUp.cardId !== cardId);
  return [{ cardId, number, carrier }, ...others].slice(0, MAX_LOOK_UPS);
}
