import { createHash, randomBytes } from 'node:crypto';
import { randomToken } from '../ids';
import type { Person } from '../state';
import { derive, type Simulator } from '../simulator';

/** A login code is valid once and for five minutes (微信小程序登录, wx.login). */
const CODE_LIFETIME_MS = 5 * 60_000;

export interface Session {
  openid: string;
  session_key: string;
  unionid: string;
}

/** The openid of a user is always the same in a mini-program. */
function openIdOf(simulator: Simulator, user: string): string {
  const digest = createHash('sha256')
    .update(derive(simulator.state.seed, `person ${user}`))
    .digest();
  return `o${digest.toString('base64url').slice(0, 27)}`;
}

function findOrCreatePerson(simulator: Simulator, user: string): Person {
  const known = simulator.people.find(user);
  if (known) return known;
  const person = { user, openId: openIdOf(simulator, user) };
  simulator.people.add(person);
  return person;
}

function deleteExpiredCodes(simulator: Simulator, now: number): void {
  const { loginCodes } = simulator.state;
  for (let [first] = loginCodes; first && first.expiresAt <= now; [first] = loginCodes) {
    loginCodes.shift();
    simulator.loginCodes.remove(first);
  }
}

/** Issues a new code for a user, as `wx.login` does. */
export function issueLoginCode(simulator: Simulator, user: string): string {
  const now = simulator.now();
  deleteExpiredCodes(simulator, now);
  const { openId } = findOrCreatePerson(simulator, user);
  const entry = {
    code: randomToken(24),
    openId,
    expiresAt: now + CODE_LIFETIME_MS,
    used: false,
  };
  simulator.state.loginCodes.push(entry);
  simulator.loginCodes.add(entry);
  return entry.code;
}

/** Uses a login code up. @returns its user's openid, or why it is refused */
export function consumeLoginCode(
  simulator: Simulator,
  code: string,
): { openId: string } | 'invalid' | 'blocked' {
  const entry = simulator.loginCodes.find(code);
  if (!entry) return 'invalid';
  simulator.loginCodes.remove(entry);
  entry.used = true;
  if (entry.expiresAt <= simulator.now()) return 'invalid';
  return simulator.state.faults.loginBlocked ? 'blocked' : { openId: entry.openId };
}

/** The session that a login code is exchanged for. */
export function createSession(simulator: Simulator, openid: string): Session {
  return {
    openid,
    session_key: randomBytes(16).toString('base64'),
    unionid: `u${derive(simulator.state.seed, `union ${openid}`).slice(0, 27)}`,
  };
}
