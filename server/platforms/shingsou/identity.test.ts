import { PlatformUnavailable } from '../ports';
import {
  APP_ID,
  respondSuccess,
  dropConnection,
  respondError,
  startScriptedGateway,
} from './testing/scripted-gateway';
import type { ScriptedGateway } from './testing/scripted-gateway';

let gateway: ScriptedGateway;
beforeEach(async () => {
  gateway = await startScriptedGateway();
});
afterEach(() => gateway.close());

const exchange = () => gateway.shingsou.identity.exchangeCode('login-code');

describe('exchanging a login code', () => {
  it('returns the openid, but not the session key', async () => {
    gateway.handlers.code2session = respondSuccess({ openid: 'oA_b-1', session_key: 'secret==' });
    expect(gateway.shingsou.identity.appId).toBe(APP_ID);
    expect(await exchange()).toEqual({ outcome: 'done', openid: 'oA_b-1', unionid: null });
  });

  it('returns the unionid if there is one', async () => {
    gateway.handlers.code2session = respondSuccess({
      openid: 'o1',
      session_key: 's',
      unionid: 'u1',
    });
    expect(await exchange()).toMatchObject({ unionid: 'u1' });
  });

  it.each([
    ['INVALID_CODE', 'codeInvalid'],
    ['CODE_BLOCKED', 'blocked'],
  ])('is refused on %s as %s', async (name, reason) => {
    gateway.handlers.code2session = respondError(name);
    expect(await exchange()).toEqual({ outcome: 'refused', reason });
  });

  it.each([
    ['another refusal', respondError('UnprocessableEntity')],
    ['an answer without an openid', respondSuccess({ session_key: 's' })],
    ['a broken connection', dropConnection],
  ] as const)('fails after %s, and is not retried', async (_name, answer) => {
    gateway.handlers.code2session = answer;
    await expect(exchange()).rejects.toBeInstanceOf(PlatformUnavailable);
    expect(gateway.timesCalled('code2session')).toBe(1);
  });
});
