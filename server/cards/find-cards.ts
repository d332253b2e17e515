import { otherIccidForm } from '@shared/card-number';
import type { CardNumber } from '@shared/card-number';
import type { ExpiringCache } from '../lib/expiring-cache';
import { createExpiringCache } from '../lib/expiring-cache';
import type { SingleFlight } from '../lib/single-flight';
import { createSingleFlight } from '../lib/single-flight';
import { within } from '../lib/within';
import type { CardPlatforms } from '../platforms/card-platforms';
import type { CardPlatform, PlatformCard } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';

/** How long a search result is used. */
const FOUND_TTL_MS = 5 * 60_000;
const NOT_FOUND_TTL_MS = 30_000;
/** How long a search waits for a platform. The query goes on, and its result is used by the next search. */
const WAIT_MS = 5_000;
const MAX_CACHED_NUMBERS = 10_000;

/** A card and the platform it belongs to. */
export interface FoundCard {
  platform: string;
  card: PlatformCard;
}

/** The search results and the searches in flight, by platform and number. */
export interface CardSearchState {
  results: ExpiringCache<readonly PlatformCard[]>;
  inFlight: SingleFlight<readonly PlatformCard[]>;
}

export interface CardSearchContext {
  platforms: CardPlatforms;
  cardState: { search: CardSearchState };
}

export function createCardSearchState(clock: () => number): CardSearchState {
  return {
    results: createExpiringCache({ max: MAX_CACHED_NUMBERS, ttlMs: NOT_FOUND_TTL_MS, clock }),
    inFlight: createSingleFlight(),
  };
}

/**
 * The cards of a number at a platform. A platform may know an ICCID without its check digit, or be asked
 * without it, so the other form is tried if the given one is unknown.
 */
async function findInEitherForm(
  platform: CardPlatform,
  number: CardNumber,
): Promise<readonly PlatformCard[]> {
  const cards = await platform.find(number);
  const other = number.kind === 'iccid' ? otherIccidForm(number.value) : undefined;
  if (cards.length > 0 || other === undefined) return cards;
  return platform.find({ kind: 'iccid', value: other });
}

/** Cached, because the cards of a number rarely change and platforms limit how often they are queried. */
async function findOnPlatform(
  { results, inFlight }: CardSearchState,
  platform: CardPlatform,
  number: CardNumber,
): Promise<readonly PlatformCard[]> {
  const key = `${platform.name}|${number.kind}|${number.value}`;
  const cached = results.get(key);
  if (cached) return cached;
  const query = inFlight(key, async () => {
    const cards = await findInEitherForm(platform, number);
    results.set(key, cards, cards.length > 0 ? FOUND_TTL_MS : NOT_FOUND_TTL_MS);
    return cards;
  });
  const answered = await within(query, WAIT_MS);
  if (!answered) throw new PlatformUnavailable(`${platform.name} find: no answer in time`);
  return answered.value;
}

/** What a search found. */
export interface CardSearch {
  found: FoundCard[];
  /** The platforms that did not answer. */
  unanswered: string[];
  /** Why one of them did not. */
  fault: PlatformUnavailable | undefined;
}

/**
 * Finds the cards that a number means, in the order of the platforms. A platform that does not answer
 * does not hide the cards of the others.
 */
export async function findCards(
  { platforms, cardState }: CardSearchContext,
  number: CardNumber,
): Promise<CardSearch> {
  const answers = await Promise.allSettled(
    platforms.all.map((platform) => findOnPlatform(cardState.search, platform, number)),
  );
  const search: CardSearch = { found: [], unanswered: [], fault: undefined };
  for (const [index, answer] of answers.entries()) {
    const platform = platforms.all[index]?.name ?? '';
    if (answer.status === 'fulfilled') {
      search.found.push(...answer.value.map((card) => ({ platform, card })));
    } else if (answer.reason instanceof PlatformUnavailable) {
      search.unanswered.push(platform);
      search.fault = answer.reason;
    } else throw answer.reason;
  }
  return search;
}
