import { startOfBeijingMonth } from '@shared/beijing-time';
import { LAST_DAY_OF_MONTH } from '@shared/billing-month';
import { fen } from '@shared/money';
import type { PlacedOrder } from '../ports';
import { dialects } from './index';
import type { Dakashi } from './index';
import { startDakashiFixture } from './testing/dakashi-fixture';
import type { DakashiFixture } from './testing/dakashi-fixture';
import { respondSuccess, respondError, startScriptedDakashi } from './testing/scripted-dakashi';
import type { ScriptedDakashi } from './testing/scripted-dakashi';
import { ORDER_NO, PRODUCT, SERIAL, held, heldProducts, names, order } from './testing/samples';
import { orderedStart } from '../testing/ordered-start';

const CARD = '87000001';

function placedOrder(change: Partial<PlacedOrder> = {}): PlacedOrder {
  const base = { orderNumber: 'LK20261122000001', cardRef: CARD, packageId: '110100_5120' };
  return {
    ...base,
    ...orderedStart('now'),
    reference: null,
    snapshotBefore: null,
    ...change,
  };
}

describe.each(dialects)('a package ordered in the dialect of %s', (dialect) => {
  let fixture: DakashiFixture;
  beforeEach(async () => {
    fixture = await startDakashiFixture(dialect);
  });
  afterEach(() => fixture.close());

  const send = ({ cards }: Dakashi, order: PlacedOrder) =>
    cards.orderPackage({ ...order, amount: fen(1500) });

  it('is accepted with the platform’s order number, and delivered once that order is done', async () => {
    const { dakashi, platforms } = fixture;
    expect(dakashi.cards.idempotentOrders).toBe(false);
    const result = await send(dakashi, placedOrder());
    if (result.outcome !== 'done') throw new Error(result.message);
    const { reference } = result.value;
    expect(reference).toMatch(/^\d{24}$/);
    const delivery = () => dakashi.cards.delivery(placedOrder({ reference }));
    expect(await delivery()).toEqual({ state: 'pending' });
    await platforms.advanceClock(4);
    expect(await delivery()).toEqual({ state: 'delivered', at: expect.any(Number) as number });
  });

  it('has failed once that order has failed', async () => {
    await fixture.platforms.setFaults({ deliveryFails: true });
    const result = await send(fixture.dakashi, placedOrder());
    if (result.outcome !== 'done') throw new Error(result.message);
    await fixture.platforms.advanceClock(4);
    expect(await fixture.dakashi.cards.delivery(placedOrder(result.value))).toMatchObject({
      state: 'failed',
    });
  });

  it.each(['now', 'nextMonth'] as const)(
    'for %s is found on the card after a lost answer, and is never sent twice',
    async (effective) => {
      const impatientClient = fixture.connect({ totalTimeout: 700 });
      const { cards } = fixture.dakashi;
      const before = await cards.packageSnapshot!(CARD, '110100_5120');
      await fixture.platforms.setFaults({ dakashiRechargeTimeout: true });
      const lost = placedOrder({
        ...orderedStart(effective, await fixture.platforms.now()),
        snapshotBefore: before,
      });
      expect(await send(impatientClient, lost)).toMatchObject({ outcome: 'unknown' });
      expect(await cards.delivery(lost)).toEqual({ state: 'pending' });
      await fixture.platforms.advanceClock(4);
      expect(await cards.delivery(lost)).toMatchObject({ state: 'delivered' });
      expect((await fixture.state()).orders).toHaveLength(1);
    },
  );

  it('has an unknown outcome if the balance is insufficient, because the document has no code for it', async () => {
    await fixture.setBalance(0);
    expect(await send(fixture.dakashi, placedOrder())).toMatchObject({ outcome: 'unknown' });
    await fixture.platforms.advanceClock(4);
    expect(await fixture.dakashi.cards.delivery(placedOrder())).toEqual({ state: 'pending' });
  });
});

describe('a package snapshot', () => {
  /** 22 November 2026, noon in Beijing. */
  const NOON = Date.UTC(2026, 10, 22, 4);
  let now: number;
  let platform: ScriptedDakashi;
  beforeEach(async () => {
    now = NOON;
    platform = await startScriptedDakashi({ clock: () => now });
  });
  afterEach(() => platform.close());

  /** Sets the packages of the card. The platform's clock shows the same time as ours. */
  function setCardPackages(rows: object[]): void {
    platform.handlers.memberProducts = (request, response) => {
      response.setHeader('date', new Date(now).toUTCString());
      respondSuccess({ ...names, packages: rows })(request, response);
    };
  }
  const takeSnapshot = () => platform.dakashi.cards.packageSnapshot!(SERIAL, PRODUCT);
  const row = (start_time: string, end_time: string, state = '1') => ({
    ...held,
    start_time,
    end_time,
    state,
  });
  const november = row('2026-11-22', '2026-11-30');
  const fullMonth = row('2026-11-01', '2026-11-30');
  const december = row('2026-12-01', '2026-12-31', '3');

  it('does not depend on the order and types of the rows, and covers one package only', async () => {
    setCardPackages([december, fullMonth, { ...fullMonth, product_no: '110100_2048' }]);
    const text = await takeSnapshot();
    expect(JSON.parse(text)).toEqual({
      asked: '2026-11-22',
      count: 2,
      rows: [
        { start: '2026-11-01', end: '2026-11-30', state: '1' },
        { start: '2026-12-01', end: '2026-12-31', state: '3' },
      ],
    });
    setCardPackages([fullMonth, { ...december, state: 3 }]);
    expect(await takeSnapshot()).toBe(text);
    expect(JSON.parse(platform.requests.at(-1)!.body)).toMatchObject({ state: 0 });
  });

  it.each<[string, object[], object[], 'now' | 'nextMonth', boolean]>([
    ['one more row, of this month', [], [november], 'now', true],
    ['one more row, from the first of this month', [], [fullMonth], 'now', true],
    ['a second row equal to the first', [fullMonth], [fullMonth, fullMonth], 'now', true],
    [
      'one more row beside one that has since expired',
      [fullMonth],
      [{ ...fullMonth, state: '2' }, november],
      'now',
      true,
    ],
    ['one more row, of next month', [fullMonth], [fullMonth, december], 'nextMonth', true],
    ['one more row, but of next month', [], [december], 'now', false],
    ['one more row, but of this month', [], [november], 'nextMonth', false],
    ['one more row, of a past month', [], [row('2026-09-01', '2026-09-30', '2')], 'now', false],
    ['nothing new', [fullMonth], [fullMonth], 'now', false],
    ['two more rows', [], [november, fullMonth], 'now', false],
    ['one row less', [fullMonth], [], 'now', false],
    ['another row instead of the first', [fullMonth], [november], 'now', false],
    ['the same row with a later end', [fullMonth], [row('2026-11-01', '2026-12-31')], 'now', false],
    ['another package', [], [{ ...november, product_no: 'other' }], 'now', false],
  ])('after a lost answer: %s', async (_name, earlier, later, effective, isProof) => {
    setCardPackages(earlier);
    const before = await takeSnapshot();
    setCardPackages(later);
    const lost = placedOrder({
      cardRef: SERIAL,
      packageId: PRODUCT,
      effectiveFrom: effective === 'now' ? now : startOfBeijingMonth(now, 1),
      settlementDay: LAST_DAY_OF_MONTH,
      snapshotBefore: before,
    });
    expect(await platform.dakashi.cards.delivery(lost)).toEqual(
      isProof ? { state: 'delivered', at: now } : { state: 'pending' },
    );
  });

  it('proves a delivery of the following month if the month has changed since the order', async () => {
    setCardPackages([]);
    const before = await takeSnapshot();
    const start = { effectiveFrom: now, settlementDay: LAST_DAY_OF_MONTH };
    now = Date.UTC(2026, 11, 1, 1);
    const lost = placedOrder({
      cardRef: SERIAL,
      packageId: PRODUCT,
      ...start,
      snapshotBefore: before,
    });
    setCardPackages([row('2026-12-01', '2026-12-31')]);
    expect(await platform.dakashi.cards.delivery(lost)).toMatchObject({ state: 'delivered' });
    setCardPackages([row('2027-01-01', '2027-01-31')]);
    expect(await platform.dakashi.cards.delivery(lost)).toEqual({ state: 'pending' });
  });

  it.each([null, '', '{}', '{"asked":"2026-11-22","count":1,"rows":[]}', 'nonsense'])(
    'proves nothing if the earlier snapshot is %j',
    async (before) => {
      setCardPackages([november]);
      const lost = placedOrder({ cardRef: SERIAL, packageId: PRODUCT, snapshotBefore: before });
      expect(await platform.dakashi.cards.delivery(lost)).toEqual({ state: 'pending' });
    },
  );

  it('is rejected if it is about another card', async () => {
    platform.handlers.memberProducts = respondSuccess({ ...heldProducts, serial_no: '87000018' });
    await expect(takeSnapshot()).rejects.toThrow('another card');
  });
});

describe('an order by its number', () => {
  let platform: ScriptedDakashi;
  beforeEach(async () => {
    platform = await startScriptedDakashi();
  });
  afterEach(() => platform.close());
  const delivery = () =>
    platform.dakashi.cards.delivery(
      placedOrder({ cardRef: SERIAL, packageId: PRODUCT, reference: ORDER_NO }),
    );

  it.each([
    ['0', 'pending'],
    [1, 'pending'],
    ['2', 'failed'],
    [3, 'delivered'],
  ])('in the state %j is %s', async (status, state) => {
    platform.handlers.orderInfo = respondSuccess({ ...order, status });
    expect(await delivery()).toMatchObject({ state });
  });

  it('stays pending if the platform no longer knows it, because the platform issued the number', async () => {
    platform.handlers.orderInfo = respondError(55011);
    expect(await delivery()).toEqual({ state: 'pending' });
    expect(platform.warnings).toMatchObject([
      { message: 'the platform does not know an order it accepted' },
    ]);
  });

  it.each([
    ['an unknown state', { status: '4' }],
    ['another order', { order_no: '1' }],
    ['another card', { serial_no: '87000018' }],
    ['another package', { product_no: 'other' }],
  ])('rejects an answer with %s', async (_name, change) => {
    platform.handlers.orderInfo = respondSuccess({ ...order, ...change });
    await expect(delivery()).rejects.toThrow('dakashi order/info');
  });
});
