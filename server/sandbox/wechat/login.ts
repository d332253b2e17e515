import { createHash, randomBytes } from 'node:crypto';
import { isRefusal, refuse, type Refusal, type Reply } from '../shingsou/reply';
import { secret } from '../ids';
import { derive, type World } from '../world';

/** A login code is good for five minutes and once (微信小程序登录, wx.login). */
const CODE_LIFETIME_MS = 5 * 60_000;

interface Session {
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

function personOf(world: World, user: string) {
  const known = world.state.people.find((person) => person.user === user);
  if (known) return known;
  const person = { user, openId: openIdOf(world, user) };
  world.state.people.push(person);
  return person;
}

/** What `wx.login` gives: a fresh code for this person. */
export function issueLoginCode(world: World, user: string): string {
  const { loginCodes } = world.state;
  const now = world.now();
  while (loginCodes[0] && loginCodes[0].expiresAt <= now) loginCodes.shift();
  const code = secret(24);
  const { openId } = personOf(world, user);
  loginCodes.push({ code, openId, expiresAt: now + CODE_LIFETIME_MS });
  return code;
}

function takeCode(world: World, code: string): { openId: string } | Refusal {
  const { loginCodes, faults } = world.state;
  const position = loginCodes.findIndex((entry) => entry.code === code);
  const [entry] = position < 0 ? [] : loginCodes.splice(position, 1);
  if (!entry || entry.expiresAt <= world.now()) {
    return refuse('INVALID_CODE', '登录凭证无效：已使用、已过期或不存在');
  }
  return faults.loginBlocked ? refuse('CODE_BLOCKED', '高风险等级用户，小程序登录拦截') : entry;
}

/** Exchanges a login code; whatever comes of it, the code is used up. */
export function exchangeLoginCode(world: World, code: string): Reply<Session> {
  const taken = takeCode(world, code);
  if (isRefusal(taken)) return taken;
  const unionid = `u${derive(world.state.seed, `union ${taken.openId}`).slice(0, 27)}`;
  const session_key = randomBytes(16).toString('base64');
  return { data: { openid: taken.openId, session_key, unionid } };
}
