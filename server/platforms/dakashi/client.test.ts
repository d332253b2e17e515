import { createHash } from 'node:crypto';
import { fen } from '@shared/money';
import { PlatformBusy, PlatformUnavailable } from '../ports';
import { startDakashiFixture } from './testing/dakashi-fixture';
import type { DakashiFixture } from './testing/dakashi-fixture';
import {
  CLIENT_ID,
  SECRET,
  respondJson,
  respondSuccess,
  dropConnection,
  respondError,
  startScriptedDakashi,
  respondText,
} from './testing/scripted-dakashi';
import type { Handler, ScriptedDakashi } from './testing/scripted-dakashi';
import { PASSWORD, PREPAID, SERIAL, info, prepaid, recharged } from './testing/samples';
import { orderedStart } from '../testing/ordered-start';

let platform: ScriptedDakashi;
afterEach(() => platform.close());

const order = {
  orderNumber: 'LK20261122000001',
  cardRef: SERIAL,
  packageId: '110100_1024',
  ...orderedStart('now'),
  amount: fen(500),
} as const;

/** Uses the handlers in turn, then the last one for every further request. */
function respondInTurn(...answers: Handler[]): Handler {
  let calls = 0;
  return (request, response) => {
    answers[Math.min(calls, answers.length - 1)]?.(request, response);
    calls += 1;
  };
}

describe('a request', () => {
  it.each([
    ['seed', 'client_id'],
    ['2017', 'app_id'],
  ] as const)(
    'in the dialect of %s is signed with the field %s, and never contains the secret',
    async (dialect, account) => {
      platform = await startScriptedDakashi({ dialect, clock: () => 1_487_560_009_999 });
      platform.handlers.memberInfo = respondSuccess(info);
      await platform.dakashi.cards.find({ kind: 'customNumber', value: SERIAL });
      const signed = `${account}=${CLIENT_ID}&serial_no=${SERIAL}&timestamp=1487560009${SECRET}`;
      expect(platform.lastFields()).toEqual({
        [account]: CLIENT_ID,
        serial_no: SERIAL,
        timestamp: 1_487_560_009,
        sign: createHash('sha1').update(signed).digest('hex').toUpperCase(),
      });
      expect(platform.requests[0]).toMatchObject({
        method: 'POST',
        path: '/v1/member/info',
        headers: { 'content-type': 'application/json' },
      });
      expect(JSON.stringify(platform.requests)).not.toContain(SECRET);
    },
  );

  it('is not sent if it does not match its schema, and the error contains no value', async () => {
    platform = await startScriptedDakashi();
    const { caller, actions } = platform.dakashi;
    await expect(actions.setCustomNumber(SERIAL, '12345')).rejects.toThrow(
      new TypeError('dakashi member/custom_no: invalid request fields: custom_no'),
    );
    await expect(caller.call('member/none', {})).rejects.toThrow(TypeError);
    expect(platform.requests).toEqual([]);
  });
});

describe('a query', () => {
  it('is retried after a transient fault', async () => {
    platform = await startScriptedDakashi();
    platform.handlers.memberInfo = respondInTurn(
      dropConnection,
      respondText('bad gateway', 502),
      respondSuccess(info),
    );
    const found = await platform.dakashi.cards.find({ kind: 'customNumber', value: SERIAL });
    expect(found).toMatchObject([{ ref: SERIAL }]);
    expect(platform.timesCalled('memberInfo')).toBe(3);
  });

  it('is busy at once if too many calls are waiting', async () => {
    const throttle = { interval: 200, maxReadWait: 100 };
    platform = await startScriptedDakashi({ throttle });
    platform.handlers.userInfo = respondSuccess({ name: 'x', rank: '1', balance: '1.00' });
    const queryBalance = () => platform.dakashi.cards.balance!();
    const first = queryBalance();
    await expect(queryBalance()).rejects.toBeInstanceOf(PlatformBusy);
    expect(await first).toBe(100);
    expect(platform.timesCalled('userInfo')).toBe(1);
  });
});

describe('a call that changes something', () => {
  it.each([
    ['recharge', (all: ScriptedDakashi) => all.dakashi.cards.orderPackage(order)],
    ['startShut', (all: ScriptedDakashi) => all.dakashi.actions.setPower(SERIAL, 'off')],
    ['gprsReset', (all: ScriptedDakashi) => all.dakashi.actions.resetNetwork(SERIAL)],
    [
      'customNumber',
      (all: ScriptedDakashi) => all.dakashi.actions.setCustomNumber(SERIAL, '123456'),
    ],
    ['sendMessage', (all: ScriptedDakashi) => all.dakashi.actions.sendMessage(SERIAL, 'x')],
  ] as const)('such as %s is sent once, whatever the answer', async (name, perform) => {
    platform = await startScriptedDakashi();
    for (const answer of [
      dropConnection,
      respondText('', 200),
      respondText('<html>', 502),
      respondError(50000),
      respondError(99),
    ]) {
      platform.handlers[name] = answer;
      const before = platform.timesCalled(name);
      expect(await perform(platform)).toMatchObject({ outcome: 'unknown' });
      expect(platform.timesCalled(name)).toBe(before + 1);
    }
  });

  it.each([55001, 55002, 55003, 55004, 55005, 55009, 55010, 55014])(
    'is refused with %i, which means that nothing was done',
    async (code) => {
      platform = await startScriptedDakashi();
      platform.handlers.recharge = respondError(code);
      expect(await platform.dakashi.cards.orderPackage(order)).toMatchObject({
        outcome: 'refused',
        reason: 'rejected',
        message: expect.stringMatching(new RegExp(`^${code} [\\u4e00-\\u9fffA-Za-z_，]+$`)),
      });
      expect(platform.timesCalled('recharge')).toBe(1);
    },
  );
});

describe('rate-limited calls (55012)', () => {
  const rateLimited = respondError(55012);

  it('are retried, even if they change something, because nothing was done', async () => {
    platform = await startScriptedDakashi();
    platform.handlers.recharge = respondInTurn(rateLimited, rateLimited, respondJson(recharged));
    expect(await platform.dakashi.cards.orderPackage(order)).toMatchObject({ outcome: 'done' });
    expect(platform.timesCalled('recharge')).toBe(3);
  });

  it('are busy after the last retry, which is neither a refusal nor an unknown outcome', async () => {
    platform = await startScriptedDakashi();
    platform.handlers.recharge = rateLimited;
    await expect(platform.dakashi.cards.orderPackage(order)).rejects.toBeInstanceOf(PlatformBusy);
    expect(platform.timesCalled('recharge')).toBe(4);
    const result = await platform.dakashi.caller.call('recharge', {
      serial_no: SERIAL,
      product_no: 'x',
      effective: 0,
    });
    expect(result).toMatchObject({ outcome: 'refused', code: 'busy' });
  });

  it('delay all calls, each time longer', async () => {
    platform = await startScriptedDakashi({ throttle: { interval: 0, rateLimitPause: 60 } });
    platform.handlers.userInfo = respondInTurn(
      rateLimited,
      rateLimited,
      respondSuccess({ name: 'x', rank: 1, balance: '1.00' }),
    );
    const began = performance.now();
    await platform.dakashi.cards.balance!();
    expect(performance.now() - began).toBeGreaterThan(175);
  });
});

describe('error texts', () => {
  const echo = `卡号${SERIAL}，密码${PASSWORD}，密钥${SECRET}，余额不足`;

  it('contain no card number, password or key, even if the platform echoes one', async () => {
    platform = await startScriptedDakashi();
    const { cards, actions, caller } = platform.dakashi;
    const results: unknown[] = [];
    for (const answer of [
      respondError(50000, echo),
      respondError(77777, echo),
      respondError(55005, echo),
      respondText(echo),
      respondSuccess({ ...prepaid, state: 9 }),
      respondSuccess({ ...prepaid, fee: PASSWORD, password: {} }),
    ]) {
      for (const name of ['prepaidCard', 'recharge', 'orderInfo'] as const) {
        platform.handlers[name] = answer;
      }
      results.push(await cards.orderPackage(order).catch(String));
      results.push(await actions.prepaidCard(PREPAID).catch(String));
      results.push(await caller.call('order/info', { order_no: '123456' }));
    }
    const all = JSON.stringify([results, platform.warnings]);
    for (const secret of [SERIAL, PASSWORD, SECRET, CLIENT_ID, PREPAID]) {
      expect(all).not.toContain(secret);
    }
    expect(all).toContain('余额不足');
  });
});

describe('a wrong clock', () => {
  let fixture: DakashiFixture;
  beforeAll(async () => {
    fixture = await startDakashiFixture('seed');
    platform = await startScriptedDakashi();
  });
  afterAll(() => fixture.close());

  it.each([
    ['hours behind', -5 * 3_600_000],
    ['six minutes ahead', 6 * 60_000],
    ['right', 0],
  ])('is corrected by the platform’s Date header (%s)', async (_name, ahead) => {
    const { cards } = fixture.connect({ clock: () => Date.now() + ahead });
    expect(await cards.balance!()).toBe(500_000);
    expect(await cards.find({ kind: 'customNumber', value: '87000001' })).toHaveLength(1);
  });

  it('follows the platform’s clock, however far off that is', async () => {
    await fixture.platforms.advanceClock(40 * 86_400);
    const text = await fixture.dakashi.cards.packageSnapshot!('87000001', '110100_1024');
    const { asked } = JSON.parse(text) as { asked: string };
    expect(Date.parse(asked) - Date.now()).toBeGreaterThan(38 * 86_400_000);
  });

  it('does not cause a duplicate order, because the platform checks the timestamp first', async () => {
    const { cards } = fixture.connect({ clock: () => Date.now() - 3_600_000 });
    const ordered = await cards.orderPackage({ ...order, cardRef: '87000001' });
    expect(ordered).toMatchObject({ outcome: 'done' });
    expect((await fixture.state()).orders).toHaveLength(1);
  });
});

describe('a refused timestamp (55006)', () => {
  const at =
    (date: string, answer: Handler): Handler =>
    (request, response) => {
      response.setHeader('date', date);
      answer(request, response);
    };
  const noon = 'Sun, 22 Nov 2026 12:00:00 GMT';
  const user = respondSuccess({ name: 'x', rank: '1', balance: '1.00' });
  const timestamps = () =>
    platform.requests.map(
      (request) => (JSON.parse(request.body) as { timestamp: number }).timestamp,
    );

  it('is corrected once', async () => {
    platform = await startScriptedDakashi({ clock: () => Date.UTC(2026, 10, 22, 11) });
    platform.handlers.userInfo = at(noon, respondInTurn(respondError(55006), user));
    await platform.dakashi.cards.balance!();
    expect(timestamps()).toEqual([
      Date.UTC(2026, 10, 22, 11) / 1000,
      Date.UTC(2026, 10, 22, 12) / 1000,
    ]);
  });

  it('is not corrected twice, or if the platform’s time is the same as ours', async () => {
    platform = await startScriptedDakashi({ clock: () => Date.UTC(2026, 10, 22, 11) });
    platform.handlers.userInfo = at(noon, respondError(55006));
    await expect(platform.dakashi.cards.balance!()).rejects.toBeInstanceOf(PlatformUnavailable);
    expect(timestamps()).toHaveLength(2);
    await platform.close();
    platform = await startScriptedDakashi({ clock: () => Date.UTC(2026, 10, 22, 12) });
    platform.handlers.userInfo = at(noon, respondError(55006));
    await expect(platform.dakashi.cards.balance!()).rejects.toThrow('55006');
    expect(timestamps()).toHaveLength(1);
  });

  it('is replaced by our own time if the platform’s Date header is wrong', async () => {
    const clock = () => Date.UTC(2026, 10, 22, 8);
    platform = await startScriptedDakashi({ clock });
    platform.handlers.userInfo = at(noon, respondInTurn(user, respondError(55006), user));
    await platform.dakashi.cards.balance!();
    await platform.dakashi.cards.balance!();
    const [first, second, third] = timestamps();
    expect([first, third]).toEqual([clock() / 1000, clock() / 1000]);
    expect(second).toBe(Date.UTC(2026, 10, 22, 12) / 1000);
  });
});
