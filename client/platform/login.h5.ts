import { isRecord } from '@client/lib/guards';
import type { CanSignIn, GetLoginCode } from './ports';
import { simulatedWeChat } from './simulated-wechat';

const USER_KEY = 'liuka.demo-person';

/** The user while the browser does not store it. */
let unstoredUser: string | undefined;

function newUser(): string {
  return `demo-${crypto.getRandomValues(new Uint32Array(2)).join('')}`;
}

/**
 * The name of this browser's user at the simulated WeChat; made up once and then kept. In a browser that
 * blocks storage it is kept until the window is closed.
 */
function demoUser(): string {
  try {
    const name = localStorage.getItem(USER_KEY) ?? newUser();
    localStorage.setItem(USER_KEY, name);
    return name;
  } catch {
    unstoredUser ??= newUser();
    return unstoredUser;
  }
}

/**
 * Gets a login code from the simulated WeChat.
 * @throws Error if there is no simulated WeChat or it does not return a code
 */
export const getLoginCode: GetLoginCode = async () => {
  const wechat = simulatedWeChat();
  if (wechat === undefined) throw new Error('no simulated WeChat on this page');
  const response = await fetch(`${wechat}/sandbox/wechat/login`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ user: demoUser() }),
  });
  const body: unknown = await response.json();
  if (!isRecord(body) || typeof body.code !== 'string') throw new Error('no login code');
  return body.code;
};

export const canSignIn: CanSignIn = () => simulatedWeChat() !== undefined;
