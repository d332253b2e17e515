import type { CardNumber } from '@shared/card-number';
import type { CardPlatform, PlatformCard } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import { isYounger } from '../lib/age';
import type { CardPlatforms } from '../platforms/card-platforms';

/** How long it is remembered which cards of a platform a number means, and that it means none there. */
const FOUND_TTL_MS = 5 * 60_000;
const NOT_FOUND_TTL_MS = 30_000;
const MAX_CACHE_ENTRIES = 10_000;

/** A card and whose it is. */
export interface FoundCard {
  platform: string;
  card: PlatformCard;
}

interface CacheEntry {
  cards: Promise<readonly PlatformCard[]>;
  requestedAt: number;
  /** Undefined while the platform is being asked. */
  ttlMs: number | undefined;
}

/**
 * Asks the platforms which cards a number means. Many who ask the same at once ask once, and answers are
 * remembered for a while: which cards there are changes rarely, and platforms count what they are asked.
 */
export function createCardFinder({
  platforms,
  clock,
}: {
  platforms: CardPlatforms;
  clock: () => number;
}) {
  const cache = new Map<string, CacheEntry>();

  function isFresh({ requestedAt, ttlMs }: CacheEntry): boolean {
    return ttlMs === undefined || isYounger(requestedAt, ttlMs, clock());
  }

  function findOnPlatform(
    platform: CardPlatform,
    number: CardNumber,
  ): Promise<readonly PlatformCard[]> {
    const key = `${platform.name}|${number.kind}|${number.value}`;
    const cached = cache.get(key);
    if (cached && isFresh(cached)) return cached.cards;
    if (cache.size >= MAX_CACHE_ENTRIES) cache.clear();
    const entry: CacheEntry = {
      cards: platform.find(number),
      requestedAt: clock(),
      ttlMs: undefined,
    };
    cache.set(key, entry);
    entry.cards.then(
      (cards) => {
        entry.ttlMs = cards.length > 0 ? FOUND_TTL_MS : NOT_FOUND_TTL_MS;
      },
      () => {
        if (cache.get(key) === entry) cache.delete(key);
      },
    );
    return entry.cards;
  }

  /**
   * The cards a number means, those of the platform asked first before the others'. A platform that does
   * not answer hides nothing of the others.
   * @throws PlatformUnavailable where none is found and not every platform answered
   */
  return async function find(number: CardNumber): Promise<FoundCard[]> {
    const answers = await Promise.allSettled(
      platforms.all.map((platform) => findOnPlatform(platform, number)),
    );
    const found: FoundCard[] = [];
    let unavailable: PlatformUnavailable | undefined;
    for (const [index, answer] of answers.entries()) {
      const platform = platforms.all[index]?.name ?? '';
      if (answer.status === 'fulfilled') {
        found.push(...answer.value.map((card) => ({ platform, card })));
      } else if (answer.reason instanceof PlatformUnavailable) unavailable = answer.reason;
      else throw answer.reason;
    }
    if (found.length === 0 && unavailable) throw unavailable;
    return found;
  };
}
