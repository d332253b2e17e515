import { createHash, randomBytes } from 'node:crypto';
import { secret } from '../ids';
import type { Person } from '../state';
import { derive, type World } from '../world';

/** A login code is good for five minutes and once (微信小程序登录, wx.login). */
const CODE_LIFETIME_MS = 5 * 60_000;

export interface Session {
  openid: string;
  session_key: string;
  unionid: string;
}

/** The same person has the same openid in the same mini-program, for ever. */
function openIdOf(world: World, user: string): string {
  const digest = createHash('sha256')
    .update(derive(world.state.seed, `person ${user}`))
    .digest();
  return `o${digest.toString('base64url').slice(0, 27)}`;
}

function findOrCreatePerson(world: World, user: string): Person {
  const known = world.people.find(user);
  if (known) return known;
  const person = { user, openId: openIdOf(world, user) };
  world.people.add(person);
  return person;
}

function deleteExpiredCodes(world: World, now: number): void {
  const { loginCodes } = world.state;
  for (let [first] = loginCodes; first && first.expiresAt <= now; [first] = loginCodes) {
    loginCodes.shift();
    world.loginCodes.forget(first);
  }
}

/** What `wx.login` gives: a fresh code for this person. */
export function issueLoginCode(world: World, user: string): string {
  const now = world.now();
  deleteExpiredCodes(world, now);
  const { openId } = findOrCreatePerson(world, user);
  const entry = {
    code: secret(24),
    openId,
    expiresAt: now + CODE_LIFETIME_MS,
    used: false,
  };
  world.state.loginCodes.push(entry);
  world.loginCodes.note(entry);
  return entry.code;
}

/** Uses a login code up; answers whose it was, or why it is worth nothing. */
export function consumeLoginCode(
  world: World,
  code: string,
): { openId: string } | 'invalid' | 'blocked' {
  const entry = world.loginCodes.find(code);
  if (!entry) return 'invalid';
  world.loginCodes.forget(entry);
  entry.used = true;
  if (entry.expiresAt <= world.now()) return 'invalid';
  return world.state.faults.loginBlocked ? 'blocked' : { openId: entry.openId };
}

/** What a login code is exchanged for. */
export function createSession(world: World, openid: string): Session {
  return {
    openid,
    session_key: randomBytes(16).toString('base64'),
    unionid: `u${derive(world.state.seed, `union ${openid}`).slice(0, 27)}`,
  };
}
