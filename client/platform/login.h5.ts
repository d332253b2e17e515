import { isRecord } from '@client/lib/guards';
import type { CanSignIn, GetLoginCode } from './ports';
import { simulatedWeChat } from './simulated-wechat';

const PERSON_KEY = 'liuka.demo-person';

/** The simulated WeChat knows people by a name; this browser keeps one and the same. */
function demoPerson(): string {
  const known = localStorage.getItem(PERSON_KEY);
  if (known) return known;
  const name = `demo-${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
  localStorage.setItem(PERSON_KEY, name);
  return name;
}

/**
 * A login code of the simulated WeChat.
 * @throws Error where there is none to ask or it does not answer
 */
export const getLoginCode: GetLoginCode = async () => {
  const wechat = simulatedWeChat();
  if (wechat === undefined) throw new Error('no simulated WeChat on this page');
  const answer = await fetch(`${wechat}/sandbox/wechat/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: demoPerson() }),
  });
  const body: unknown = await answer.json();
  if (!isRecord(body) || typeof body.code !== 'string') throw new Error('no login code');
  return body.code;
};

export const canSignIn: CanSignIn = () => simulatedWeChat() !== undefined;
