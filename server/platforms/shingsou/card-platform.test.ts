import { PlatformUnavailable } from '../ports';
import type { OperationName } from './operations';
import { sendJson } from '../testing/http-server';
import {
  respondSuccess,
  dropConnection,
  respondError,
  startScriptedGateway,
} from './testing/scripted-gateway';
import type { Handler, ScriptedGateway } from './testing/scripted-gateway';
import * as samples from './testing/samples';
import { placedOrder } from '../testing/placed-order';

const { ICCID, ACCESS_NUMBER, ORDER_NUMBER } = samples;
const CARD = { ref: ICCID, iccid: ICCID, accessNumber: ACCESS_NUMBER, carrier: 'telecom' };

let gateway: ScriptedGateway;
beforeEach(async () => {
  gateway = await startScriptedGateway();
});
afterEach(() => gateway.close());

describe('finding a card', () => {
  const find = (kind: 'iccid' | 'iccidSuffix' | 'accessNumber' | 'customNumber', value: string) =>
    gateway.shingsou.cards.find({ kind, value });

  it.each([
    ['iccid', ICCID],
    ['accessNumber', ACCESS_NUMBER],
  ] as const)('by its %s needs one call', async (kind, value) => {
    gateway.handlers.flowCardDetail = respondSuccess(samples.detail);
    expect(await find(kind, value)).toEqual([CARD]);
    expect(gateway.calls.map(({ operation }) => operation)).toEqual(['token', 'flowcard-detail']);
    expect(gateway.requests.at(-1)?.query.get('cardNo')).toBe(value);
  });

  it('by the first 19 characters of its ICCID finds the same card', async () => {
    gateway.handlers.flowCardDetail = respondSuccess(samples.detail);
    expect(await find('iccid', ICCID.slice(0, 19))).toEqual([CARD]);
  });

  it.each([
    ['iccid', '89860312345678901240'],
    ['accessNumber', '1064900000000'],
  ] as const)('by its %s never returns another card', async (kind, value) => {
    gateway.handlers.flowCardDetail = respondSuccess(samples.detail);
    await expect(find(kind, value)).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  it('by the last digits of its ICCID finds every card with that ending, and no other', async () => {
    const twin = { iccid: '8986061234567890123A', accessNo: null, operator: '联通' };
    const stranger = { ...samples.listed, iccid: '89860312345678901299' };
    const nameless = { ...samples.listed, iccid: 'n/a' };
    const items = [samples.listed, twin, stranger, nameless];
    gateway.handlers.flowCards = respondSuccess({ total: 4, items });
    expect(await find('iccidSuffix', '567890123A')).toEqual([
      CARD,
      { ref: twin.iccid, iccid: twin.iccid, accessNumber: null, carrier: 'unicom' },
    ]);
    expect(gateway.requests.at(-1)?.query.get('keyword')).toBe('567890123A');
    expect(gateway.warnings.map(({ message }) => message)).toEqual([
      'omitted a card without an ICCID',
    ]);
  });

  it('by a number of unusual format finds the card with exactly that access number', async () => {
    const longer = { ...samples.listed, accessNo: '123456789' };
    const exact = { ...samples.listed, accessNo: '12345678' };
    gateway.handlers.flowCards = respondSuccess({ total: 2, items: [longer, exact] });
    expect(await find('customNumber', '12345678')).toEqual([{ ...CARD, accessNumber: '12345678' }]);
    expect(await find('customNumber', '2345678')).toEqual([]);
  });

  it.each(['iccid', 'iccidSuffix', 'accessNumber', 'customNumber'] as const)(
    'by an unknown %s returns no card',
    async (kind) => {
      gateway.handlers.flowCardDetail = respondError('NotFound');
      gateway.handlers.flowCards = respondError('NotFound');
      expect(await find(kind, '0123456789')).toEqual([]);
    },
  );

  it.each(['iccid', 'iccidSuffix'] as const)(
    'by %s fails after any other refusal',
    async (kind) => {
      gateway.handlers.flowCardDetail = respondError('UnprocessableEntity');
      gateway.handlers.flowCards = respondError('UnprocessableEntity');
      await expect(find(kind, '0123456789')).rejects.toBeInstanceOf(PlatformUnavailable);
    },
  );

  it('warns if the result does not fit on one page', async () => {
    gateway.handlers.flowCards = respondSuccess({ total: 101, items: [samples.listed] });
    await find('iccidSuffix', '567890123A');
    expect(gateway.warnings[0]?.message).toBe('the result does not fit on one page');
  });
});

const detailWith = (change: object): Handler => respondSuccess({ ...samples.detail, ...change });

describe('the report on a card', () => {
  const report = () => gateway.shingsou.cards.report(ICCID);
  beforeEach(() => {
    gateway.handlers.flowCardDetail = respondSuccess({ ...samples.detail, realNameOwner: '张三' });
    gateway.handlers.flowCardData = respondSuccess(samples.data);
    gateway.handlers.flowCardStatus = respondSuccess(samples.status);
  });

  it('combines three answers', async () => {
    expect(await report()).toEqual({
      ...CARD,
      carrierCode: '100001',
      realName: 'verified',
      usage: {
        totalMb: 2048,
        usedMb: 1270.5,
        remainingMb: 777.5,
        asOf: Date.UTC(2026, 2, 15, 4),
      },
      expiresAt: Date.UTC(2026, 11, 31, 16) - 1,
      packages: [
        {
          name: '月包 2GB',
          dataMb: 2048,
          state: 'current',
          from: Date.UTC(2026, 1, 28, 16),
          until: Date.UTC(2026, 2, 31, 15, 59, 59),
        },
        {
          name: '次月包 5GB',
          dataMb: 5120,
          state: 'queued',
          from: Date.UTC(2026, 2, 31, 16),
          until: Date.UTC(2026, 3, 30, 15, 59, 59),
        },
      ],
      raw: [
        { operation: 'flowcard-detail', answer: samples.detail },
        { operation: 'flowcard-status', answer: samples.status },
        { operation: 'flowcard-data', answer: samples.data },
      ],
    });
  });

  it('omits fields that the table does not declare, such as a person’s name', async () => {
    expect(JSON.stringify(await report())).not.toContain('张三');
  });

  it.each([
    [0, 'unverified'],
    [1, 'verified'],
    [2, 'unknown'],
    [null, 'unknown'],
  ])('reads real-name %s as %s', async (realName, expected) => {
    gateway.handlers.flowCardDetail = respondSuccess({ ...samples.detail, realName });
    expect(await report()).toMatchObject({ realName: expected });
  });

  it('reports a remaining volume of zero for an overused card', async () => {
    gateway.handlers.flowCardData = respondSuccess({ ...samples.data, usedMb: 3000, leftMb: -952 });
    expect(await report()).toMatchObject({
      usage: { totalMb: 2048, usedMb: 3000, remainingMb: 0 },
    });
  });

  it('has no expiry if the platform returns none', async () => {
    gateway.handlers.flowCardDetail = respondSuccess({ ...samples.detail, expireTime: null });
    expect(await report()).toMatchObject({ expiresAt: null });
  });

  it('omits a package in an unknown state, and warns', async () => {
    const [first, second] = samples.detail.packages;
    const packages = [first, { ...second, state: 9 }];
    gateway.handlers.flowCardDetail = respondSuccess({ ...samples.detail, packages });
    expect((await report())?.packages.map(({ name }) => name)).toEqual(['月包 2GB']);
    expect(gateway.warnings[0]?.message).toBe('omitted a package of the card');
  });

  it.each([
    ['is lost', dropConnection],
    ['is refused', respondError('NotFound')],
    ['does not match its schema', respondSuccess({ totalMb: 'much' })],
    ['has an invalid time', respondSuccess({ ...samples.data, updatedAt: '2026-02-30 00:00:00' })],
  ] as const)('omits the volumes if their answer %s', async (_name, answer) => {
    gateway.handlers.flowCardData = answer;
    expect(await report()).toMatchObject({ usage: null, carrierCode: '100001' });
  });

  it('fails without the answer of flowCardDetail', async () => {
    gateway.handlers.flowCardDetail = (_request, response) => sendJson(response, 503, {});
    await expect(report()).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  const failing: Handler = (_request, response) => sendJson(response, 503, {});
  it.each<[string, OperationName, Handler, object]>([
    ['status', 'flowCardStatus', failing, { carrierCode: '' }],
    ['status', 'flowCardStatus', respondError('NotFound'), { carrierCode: '' }],
    ['status', 'flowCardStatus', respondSuccess({ status: '' }), { carrierCode: '' }],
    ['usage', 'flowCardData', failing, { usage: null }],
    ['usage', 'flowCardData', respondError('NotFound'), { usage: null }],
    ['packages', 'flowCardDetail', detailWith({ packages: null }), { packages: [] }],
    ['packages', 'flowCardDetail', detailWith({ packages: 'none' }), { packages: [] }],
    ['realName', 'flowCardDetail', detailWith({ realName: 'yes' }), { realName: 'unknown' }],
    ['expiry', 'flowCardDetail', detailWith({ expireTime: '2026-02-30' }), { expiresAt: null }],
  ])('marks %s as unreadable without a valid answer of %s', async (part, name, answer, value) => {
    gateway.handlers[name] = answer;
    expect(await report()).toMatchObject({ ...CARD, ...value, unreadable: [part] });
  });

  it('is undefined for a card that the platform no longer knows', async () => {
    gateway.handlers.flowCardDetail = respondError('NotFound');
    gateway.handlers.flowCardStatus = respondError('NotFound');
    gateway.handlers.flowCardData = respondError('NotFound');
    expect(await report()).toBeUndefined();
  });

  it('fails if the answer is about another card', async () => {
    gateway.handlers.flowCardDetail = respondSuccess({
      ...samples.detail,
      iccid: '89860312345678901299',
    });
    await expect(report()).rejects.toBeInstanceOf(PlatformUnavailable);
  });
});

describe('the packages on sale', () => {
  const onSale = () => gateway.shingsou.cards.packagesOnSale(ICCID);
  beforeEach(() => {
    gateway.handlers.productCategories = respondSuccess(samples.categories);
    gateway.handlers.products = respondSuccess(samples.products);
  });

  it('have prices in fen and our own field values', async () => {
    expect(await onSale()).toEqual({
      categories: samples.categories,
      offers: [
        {
          id: 'p1',
          categoryId: 'c1',
          name: '2GB 月包',
          kind: 'basic',
          dataMb: 2048,
          price: 1800,
          cost: null,
          months: 1,
          effective: ['now', 'nextMonth'],
        },
        {
          id: 'p2',
          categoryId: 'c2',
          name: '500MB 加餐',
          kind: 'bonus',
          dataMb: 500,
          price: 590,
          cost: null,
          months: 1,
          effective: ['now'],
        },
      ],
    });
  });

  it.each([
    ['no price', { price: '免费' }],
    ['no price', { price: '0.00' }],
    ['no price', { price: '-1.00' }],
    ['no price', { price: '18.005' }],
    ['no price', { price: 18.005 }],
    ['no price', { price: 'NaN' }],
    ['no price', { price: '' }],
    ['unknown type', { type: 5 }],
    ['unknown category', { categoryId: 'c9' }],
    ['unknown start', { effectives: [] }],
    ['unknown start', { effectives: [2] }],
  ])('omit one with %s: %j, and warn', async (reason, damage) => {
    const [first, second] = samples.products;
    gateway.handlers.products = respondSuccess([{ ...first, ...damage }, second]);
    expect((await onSale()).offers.map(({ id }) => id)).toEqual(['p2']);
    expect(gateway.warnings).toEqual([
      {
        message: 'omitted a product',
        details: { operation: 'product-get', product: 'p1', reason },
      },
    ]);
  });

  it('offer only known starts', async () => {
    const [first] = samples.products;
    gateway.handlers.products = respondSuccess([{ ...first, effectives: [1, 7, 1] }]);
    expect((await onSale()).offers[0]?.effective).toEqual(['nextMonth']);
  });

  it.each(['productCategories', 'products'] as const)(
    'are empty for a card that %s does not know',
    async (name) => {
      gateway.handlers[name] = respondError('NotFound');
      expect(await onSale()).toEqual({ categories: [], offers: [] });
    },
  );

  it.each(['productCategories', 'products'] as const)(
    'are unavailable without the answer of %s',
    async (name) => {
      gateway.handlers[name] = respondError('UnprocessableEntity');
      await expect(onSale()).rejects.toBeInstanceOf(PlatformUnavailable);
      gateway.handlers[name] = dropConnection;
      await expect(onSale()).rejects.toBeInstanceOf(PlatformUnavailable);
    },
  );
});

describe('a delivery', () => {
  const delivery = () => gateway.shingsou.cards.delivery(placedOrder(ORDER_NUMBER));
  const answerWith = (...items: unknown[]) => {
    gateway.handlers.orders = respondSuccess({ total: items.length, items });
  };

  it.each([
    [{ deliverState: 0, deliveredAt: null }, { state: 'pending' }],
    [{ deliverState: 1, deliveredAt: null }, { state: 'pending' }],
    [
      { deliverState: 2, failReason: '卡已销户' },
      { state: 'failed', reason: '卡已销户' },
    ],
    [{ deliverState: 2 }, { state: 'failed', reason: '平台没有说明原因' }],
    [{ deliverState: 3 }, { state: 'delivered', at: Date.UTC(2026, 2, 1, 0, 0, 5) }],
  ])('is read from %j', async (change, expected) => {
    answerWith({ ...samples.platformOrder, ...change });
    expect(await delivery()).toEqual(expected);
  });

  it('is absent if the platform has no order with exactly this number', async () => {
    answerWith({ ...samples.platformOrder, outTradeNo: `${ORDER_NUMBER}9` });
    expect(await delivery()).toEqual({ state: 'absent', platformTime: expect.any(Number) });
    answerWith();
    expect(await delivery()).toEqual({ state: 'absent', platformTime: expect.any(Number) });
    gateway.handlers.orders = respondError('NotFound');
    expect(await delivery()).toEqual({ state: 'absent', platformTime: expect.any(Number) });
  });

  it.each([
    ['an unknown state', [{ deliverState: 4 }]],
    ['a delivery without a time', [{ deliveredAt: null }]],
    ['an invalid time', [{ deliveredAt: '2026-02-31 00:00:00' }]],
    ['two orders with the same number', [{}, {}]],
  ])('fails after an answer with %s', async (_name, changes) => {
    answerWith(...changes.map((change) => ({ ...samples.platformOrder, ...change })));
    await expect(delivery()).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  it('is unavailable if the platform refuses', async () => {
    gateway.handlers.orders = respondError('UnprocessableEntity');
    await expect(delivery()).rejects.toBeInstanceOf(PlatformUnavailable);
  });
});
