import type { HeldPackage, SimCard } from './state';

/** Carriers update usage every ten minutes. */
const COUNT_EVERY_MS = 10 * 60_000;

const toCents = (megabytes: number) => Math.round(megabytes * 100) / 100;

/** The state of a package at an instant. */
export function packageState({ from, until }: HeldPackage, now: number) {
  if (until < now) return 'expired';
  return from > now ? 'queued' : 'current';
}

/** The sums over a card's running packages, in MB, and when they were counted (epoch ms). */
export function usageOf(card: SimCard, now: number) {
  const running = card.packages.filter((held) => packageState(held, now) === 'current');
  const totalMb = running.reduce((sum, { volumeMb }) => sum + volumeMb, 0);
  const usedMb = running.reduce((sum, held) => sum + held.usedMb, 0);
  return {
    totalMb: toCents(totalMb),
    usedMb: toCents(usedMb),
    leftMb: toCents(totalMb - usedMb),
    countedAt: Math.max(card.countedAt, now - (now % COUNT_EVERY_MS)),
  };
}
