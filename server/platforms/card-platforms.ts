import type { CardPlatform } from './ports';

/** The configured card platforms. */
export interface CardPlatforms {
  /** The platforms in use, in the order in which they are queried. */
  all: readonly CardPlatform[];
  /** The platforms in use, and retired ones whose orders are still settled. */
  connected: readonly CardPlatform[];
  /** Finds a platform by name; undefined if it is no longer configured. */
  find(name: string): CardPlatform | undefined;
}

/** @param others retired platforms: cards are no longer looked up there, but old orders are still settled */
export function createCardPlatforms(
  all: readonly CardPlatform[],
  others: readonly CardPlatform[] = [],
): CardPlatforms {
  const byName = new Map([...others, ...all].map((platform) => [platform.name, platform]));
  return { all, connected: [...byName.values()], find: (name) => byName.get(name) };
}
