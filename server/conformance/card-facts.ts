import type { CardNumber } from '@shared/card-number';
import type { CardPlatform, PackageOrder, PlatformCard, PlatformOffer } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';

/** A package that is really ordered and paid for while the checks run. */
export interface Purchase {
  order: PackageOrder;
  /** Waits for a time in milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

/** What is known about a card platform before the checks. */
export interface CardFacts {
  /** Epoch milliseconds. */
  clock: () => number;
  /** Numbers of one card; empty if none is known. */
  numbers: readonly CardNumber[];
  /** Numbers that no card has. */
  unknownNumbers: readonly CardNumber[];
  /** An order number that was never used. */
  unusedNumber: string;
  /** The number of an order of ours; undefined if none is known. */
  orderNumber: string | undefined;
  /** Undefined to order nothing. */
  purchase: Purchase | undefined;
}

export function skipWithoutCard(_subject: unknown, { numbers }: CardFacts): string | undefined {
  return numbers.length > 0 ? undefined : 'no card number was given';
}

/** The card with the given numbers. @throws PlatformUnavailable if the first number finds no card */
export async function findGivenCard(cards: CardPlatform, facts: CardFacts): Promise<PlatformCard> {
  const [number] = facts.numbers;
  const [card] = number === undefined ? [] : await cards.find(number);
  if (card === undefined) throw new PlatformUnavailable('the platform has no such card');
  return card;
}

/** The cheapest package that can start now, by its cost to the shop, or else by its price. */
export function cheapestOffer(offers: readonly PlatformOffer[]): PlatformOffer | undefined {
  const costOf = ({ cost, price }: PlatformOffer) => cost ?? price ?? Infinity;
  return offers
    .filter(({ effective }) => effective.includes('now'))
    .reduce<PlatformOffer | undefined>(
      (best, offer) => (best === undefined || costOf(offer) < costOf(best) ? offer : best),
      undefined,
    );
}
