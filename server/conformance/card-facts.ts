import type { CardNumber } from '@shared/card-number';
import type { CardPlatform, PackageOrder, PlatformCard, PlatformOffer } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';

/** A package to be ordered, and paid for, while the checks run. */
export interface Purchase {
  order: PackageOrder;
  /** Lets time pass, in milliseconds. */
  wait(milliseconds: number): Promise<void>;
}

/** What is known about a platform's cards before they are asked for. */
export interface CardFacts {
  /** Epoch milliseconds. */
  clock: () => number;
  /** Numbers of one card; empty where none is known. */
  numbers: readonly CardNumber[];
  /** Numbers that are no card's. */
  unknownNumbers: readonly CardNumber[];
  /** An order number that nobody ever used. */
  unusedNumber: string;
  /** The number of an order of ours; undefined where none is known. */
  orderNumber: string | undefined;
  /** Undefined where nothing is to be ordered. */
  purchase: Purchase | undefined;
}

export function skipWithoutCard(_subject: unknown, { numbers }: CardFacts): string | undefined {
  return numbers.length > 0 ? undefined : 'no card number was given';
}

/** The card of the given numbers. @throws PlatformUnavailable unless the first of them means a card */
export async function findGivenCard(cards: CardPlatform, facts: CardFacts): Promise<PlatformCard> {
  const [number] = facts.numbers;
  const [card] = number === undefined ? [] : await cards.find(number);
  if (card === undefined) throw new PlatformUnavailable('the platform has no such card');
  return card;
}

/** The cheapest package that may begin at once, by what it costs the shop, else by its price. */
export function cheapestOffer(offers: readonly PlatformOffer[]): PlatformOffer | undefined {
  const costOf = ({ cost, price }: PlatformOffer) => cost ?? price ?? Infinity;
  return offers
    .filter(({ effective }) => effective.includes('now'))
    .reduce<PlatformOffer | undefined>(
      (best, offer) => (best === undefined || costOf(offer) < costOf(best) ? offer : best),
      undefined,
    );
}
