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

let platform: ScriptedDakashi;
afterEach(() => platform.close());

const order = {
  orderNumber: 'LK20261122000001',
  cardRef: SERIAL,
  packageId: '110100_1024',
  effective: 'now',
  amount: fen(500),
} as const;

/** One answer after the other; the last for good. */
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
    'of the dialect %s is signed under %s, and never holds the secret',
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

  it('that does not match its schema is not sent, and its error names no value', async () => {
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
  ] as const)('such as %s is sent once, whatever becomes of its answer', async (name, perform) => {
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
    'is refused with %i, which is given before anything is done',
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

describe('calls that come too soon (55012)', () => {
  const tooSoon = respondError(55012);

  it('are retried, even changes, because nothing was done', async () => {
    platform = await startScriptedDakashi();
    platform.handlers.recharge = respondInTurn(tooSoon, tooSoon, respondJson(recharged));
    expect(await platform.dakashi.cards.orderPackage(order)).toMatchObject({ outcome: 'done' });
    expect(platform.timesCalled('recharge')).toBe(3);
  });

  it('end as busy if they persist, which is neither a refusal nor unknown', async () => {
    platform = await startScriptedDakashi();
    platform.handlers.recharge = tooSoon;
    await expect(platform.dakashi.cards.orderPackage(order)).rejects.toBeInstanceOf(PlatformBusy);
    expect(platform.timesCalled('recharge')).toBe(4);
    const result = await platform.dakashi.caller.call('recharge', {
      serial_no: SERIAL,
      product_no: 'x',
      effective: 0,
    });
    expect(result).toMatchObject({ outcome: 'refused', code: 'busy' });
  });

  it('make everybody wait, each time longer', async () => {
    platform = await startScriptedDakashi({ throttle: { interval: 0, rateLimitPause: 60 } });
    platform.handlers.userInfo = respondInTurn(
      tooSoon,
      tooSoon,
      respondSuccess({ name: 'x', rank: 1, balance: '1.00' }),
    );
    const began = performance.now();
    await platform.dakashi.cards.balance!();
    expect(performance.now() - began).toBeGreaterThan(175);
  });
});

describe('error texts', () => {
  const echo = `卡号${SERIAL}，密码${PASSWORD}，密钥${SECRET}，余额不足`;

  it('hold no number, password or key, even if the platform repeats one', async () => {
    platform = await startScriptedDakashi();
    const { cards, actions, caller } = platform.dakashi;
    const said: unknown[] = [];
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
      said.push(await cards.orderPackage(order).catch(String));
      said.push(await actions.prepaidCard(PREPAID).catch(String));
      said.push(await caller.call('order/info', { order_no: '123456' }));
    }
    const all = JSON.stringify([said, platform.warnings]);
    for (const secret of [SERIAL, PASSWORD, SECRET, CLIENT_ID, PREPAID]) {
      expect(all).not.toContain(secret);
    }
    expect(all).toContain('余额不足');
  });
});

describe('a clock that is wrong', () => {
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
  ])('is corrected by what the platform says of the time (%s)', async (_name, ahead) => {
    const { cards } = fixture.connect({ clock: () => Date.now() + ahead });
    expect(await cards.balance!()).toBe(500_000);
    expect(await cards.find({ kind: 'customNumber', value: '87000001' })).toHaveLength(1);
  });

  it('follows the platform’s, however far off that is', async () => {
    await fixture.platforms.advanceClock(40 * 86_400);
    const text = await fixture.dakashi.cards.packageSnapshot!('87000001', '110100_1024');
    const { asked } = JSON.parse(text) as { asked: string };
    expect(Date.parse(asked) - Date.now()).toBeGreaterThan(38 * 86_400_000);
  });

  it('does not order twice: the time stamp is checked first', async () => {
    const { cards } = fixture.connect({ clock: () => Date.now() - 3_600_000 });
    const ordered = await cards.orderPackage({ ...order, cardRef: '87000001' });
    expect(ordered).toMatchObject({ outcome: 'done' });
    expect((await fixture.state()).orders).toHaveLength(1);
  });
});

describe('a time stamp that is refused (55006)', () => {
  const at =
    (date: string, answer: Handler): Handler =>
    (request, response) => {
      response.setHeader('date', date);
      answer(request, response);
    };
  const noon = 'Sun, 22 Nov 2026 12:00:00 GMT';
  const user = respondSuccess({ name: 'x', rank: '1', balance: '1.00' });
  const stamps = () =>
    platform.requests.map(
      (request) => (JSON.parse(request.body) as { timestamp: number }).timestamp,
    );

  it('is put right once', async () => {
    platform = await startScriptedDakashi({ clock: () => Date.UTC(2026, 10, 22, 11) });
    platform.handlers.userInfo = at(noon, respondInTurn(respondError(55006), user));
    await platform.dakashi.cards.balance!();
    expect(stamps()).toEqual([
      Date.UTC(2026, 10, 22, 11) / 1000,
      Date.UTC(2026, 10, 22, 12) / 1000,
    ]);
  });

  it('is not corrected twice, nor without another time from the platform', async () => {
    platform = await startScriptedDakashi({ clock: () => Date.UTC(2026, 10, 22, 11) });
    platform.handlers.userInfo = at(noon, respondError(55006));
    await expect(platform.dakashi.cards.balance!()).rejects.toBeInstanceOf(PlatformUnavailable);
    expect(stamps()).toHaveLength(2);
    await platform.close();
    platform = await startScriptedDakashi({ clock: () => Date.UTC(2026, 10, 22, 12) });
    platform.handlers.userInfo = at(noon, respondError(55006));
    await expect(platform.dakashi.cards.balance!()).rejects.toThrow('55006');
    expect(stamps()).toHaveLength(1);
  });

  it('by a platform whose Date header is wrong is met with our own time', async () => {
    const clock = () => Date.UTC(2026, 10, 22, 8);
    platform = await startScriptedDakashi({ clock });
    platform.handlers.userInfo = at(noon, respondInTurn(user, respondError(55006), user));
    await platform.dakashi.cards.balance!();
    await platform.dakashi.cards.balance!();
    const [first, second, third] = stamps();
    expect([first, third]).toEqual([clock() / 1000, clock() / 1000]);
    expect(second).toBe(Date.UTC(2026, 10, 22, 12) / 1000);
  });
});
