import { randomToken } from '../ids';
import type { Simulator } from '../simulator';

/**
 * WeChat's stable access token (获取稳定版接口调用凭据): the same for all callers while it is valid, renewed by the
 * platform five minutes early; a new one can be forced 20 times a day, 30 seconds apart.
 */

const LIFETIME_MS = 7200_000;
const RENEW_BEFORE_EXPIRY_MS = 5 * 60_000;
const MAX_FORCED_PER_DAY = 20;
const MIN_FORCED_INTERVAL_MS = 30_000;
const DAY_MS = 24 * 60 * 60_000;

type TokenResult =
  { access_token: string; expires_in: number } | { refused: 'tooOften' | 'tooSoon' };

function renew(simulator: Simulator, forcedAt: number[]): TokenResult {
  // The document says to reserve at least 512 characters.
  const value = randomToken(120);
  simulator.state.stableToken = { value, expiresAt: simulator.now() + LIFETIME_MS, forcedAt };
  return { access_token: value, expires_in: LIFETIME_MS / 1000 };
}

function forceRenewal(simulator: Simulator): TokenResult {
  const now = simulator.now();
  const before = simulator.state.stableToken?.forcedAt ?? [];
  const today = before.filter((at) => now - at < DAY_MS);
  if (today.length >= MAX_FORCED_PER_DAY) return { refused: 'tooOften' };
  const last = today.at(-1);
  if (last !== undefined && now - last < MIN_FORCED_INTERVAL_MS) return { refused: 'tooSoon' };
  return renew(simulator, [...today, now]);
}

export function stableToken(simulator: Simulator, forceRefresh: boolean): TokenResult {
  if (forceRefresh) return forceRenewal(simulator);
  const token = simulator.state.stableToken;
  const left = token ? token.expiresAt - simulator.now() : 0;
  if (!token || left <= RENEW_BEFORE_EXPIRY_MS) return renew(simulator, token?.forcedAt ?? []);
  return { access_token: token.value, expires_in: Math.floor(left / 1000) };
}
