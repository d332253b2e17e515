import type { CardNumber } from '@shared/card-number';
import type { CardPlatform, PlatformCard } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import { isYounger } from '../age';
import type { CardPlatforms } from './card-platforms';

/** How long it is remembered which cards of a platform a number means, and that it means none there. */
const FOUND_MS = 5 * 60_000;
const MISSED_MS = 30_000;
const MOST_REMEMBERED = 10_000;

/** A card and whose it is. */
export interface FoundCard {
  platform: string;
  card: PlatformCard;
}

interface Remembered {
  cards: Promise<readonly PlatformCard[]>;
  askedAt: number;
  /** Undefined while the platform is being asked. */
  keepMs: number | undefined;
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
  const remembered = new Map<string, Remembered>();

  function isGood({ askedAt, keepMs }: Remembered): boolean {
    return keepMs === undefined || isYounger(askedAt, keepMs, clock());
  }

  function findOnPlatform(platform: CardPlatform, number: CardNumber): Promise<readonly PlatformCard[]> {
    const key = `${platform.name}|${number.kind}|${number.value}`;
    const known = remembered.get(key);
    if (known && isGood(known)) return known.cards;
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    const entry: Remembered = {
      cards: platform.find(number),
      askedAt: clock(),
      keepMs: undefined,
    };
    remembered.set(key, entry);
    entry.cards.then(
      (cards) => {
        entry.keepMs = cards.length > 0 ? FOUND_MS : MISSED_MS;
      },
      () => {
        if (remembered.get(key) === entry) remembered.delete(key);
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
    let silence: PlatformUnavailable | undefined;
    for (const [index, answer] of answers.entries()) {
      const platform = platforms.all[index]?.name ?? '';
      if (answer.status === 'fulfilled') {
        found.push(...answer.value.map((card) => ({ platform, card })));
      } else if (answer.reason instanceof PlatformUnavailable) silence = answer.reason;
      else throw answer.reason;
    }
    if (found.length === 0 && silence) throw silence;
    return found;
  };
}
