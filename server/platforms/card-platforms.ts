import type { CardPlatform } from './ports';

/** The card platforms, in the order in which they are asked. */
export interface CardPlatforms {
  all: readonly CardPlatform[];
  /** Those, and the ones that are not asked about cards any more. */
  connected: readonly CardPlatform[];
  /** The platform of that name; undefined where it is not configured any more. */
  find(name: string): CardPlatform | undefined;
}

/** @param others platforms that are not asked about cards any more, and whose orders are still settled */
export function createCardPlatforms(
  all: readonly CardPlatform[],
  others: readonly CardPlatform[] = [],
): CardPlatforms {
  const byName = new Map([...others, ...all].map((platform) => [platform.name, platform]));
  return { all, connected: [...byName.values()], find: (name) => byName.get(name) };
}
