import { respondSuccess, startScriptedGateway } from './testing/scripted-gateway';
import type { Handler, ScriptedGateway } from './testing/scripted-gateway';
import * as samples from './testing/samples';

/** What the platform puts into its lists besides valid elements. */

let gateway: ScriptedGateway;
beforeEach(async () => {
  gateway = await startScriptedGateway();
});
afterEach(() => gateway.close());

const detailWith = (change: object): Handler => respondSuccess({ ...samples.detail, ...change });

describe('the report on a card', () => {
  const report = () => gateway.shingsou.cards.report(samples.ICCID);
  beforeEach(() => {
    gateway.handlers.flowCardDetail = respondSuccess(samples.detail);
    gateway.handlers.flowCardData = respondSuccess(samples.data);
    gateway.handlers.flowCardStatus = respondSuccess(samples.status);
  });

  const endOfYear = Date.UTC(2026, 11, 31, 16) - 1;
  it.each([
    ['2026-12-31', endOfYear],
    ['2026-12-31 23:59:59', endOfYear],
    ['', null],
    ['0000-00-00', null],
    ['0001-01-01', null],
  ])('reads the last day %j', async (expireTime, expiresAt) => {
    gateway.handlers.flowCardDetail = detailWith({ expireTime });
    expect(await report()).toMatchObject({ expiresAt });
    expect((await report())?.unreadable).toBeUndefined();
  });

  it.each([
    [{ volumeMb: -1 }, { dataMb: null }],
    [{ volumeMb: '1,177.6' }, { dataMb: 1177.6 }],
    [{ name: '月包 2GB\t' }, { name: '月包 2GB' }],
    [{ endTime: '' }, { until: null }],
    [{ endTime: '0001-01-01' }, { until: null }],
    [{ endTime: '2026-03-31' }, { until: Date.UTC(2026, 2, 31, 16) - 1 }],
  ])('shows a package with %j', async (change, expected) => {
    const [first, second] = samples.detail.packages;
    gateway.handlers.flowCardDetail = detailWith({ packages: [{ ...first, ...change }, second] });
    expect((await report())?.packages).toMatchObject([expected, { name: second!.name }]);
  });

  it.each([
    [{ name: '\uFFFD\uFFFD' }, ['name']],
    [{ endTime: '2026-02-30' }, ['endTime']],
    [{ volumeMb: -2 }, ['volumeMb']],
  ])('leaves out a package with %j, and warns once', async (change, fields) => {
    const [first, second] = samples.detail.packages;
    gateway.handlers.flowCardDetail = detailWith({ packages: [{ ...first, ...change }, second] });
    for (let times = 0; times < 2; times += 1) {
      expect((await report())?.packages.map(({ name }) => name)).toEqual([second!.name]);
    }
    const details = { operation: 'flowcard-detail', element: 'p1', fields };
    expect(gateway.warnings).toEqual([{ message: 'omitted an element of a list', details }]);
  });

  it.each([
    [{ accessNo: '' }, { accessNumber: null }],
    [{ accessNo: 'unknown!' }, { accessNumber: null }],
    [{ operator: null }, { carrier: 'telecom' }],
  ])('is read with %j', async (change, expected) => {
    gateway.handlers.flowCardDetail = detailWith(change);
    expect(await report()).toMatchObject(expected);
  });

  it('has no usage of an unlimited volume', async () => {
    gateway.handlers.flowCardData = respondSuccess({ ...samples.data, totalMb: -1 });
    expect(await report()).toMatchObject({ usage: null });
    expect((await report())?.unreadable).toBeUndefined();
  });
});

describe('the packages on sale', () => {
  const onSale = () => gateway.shingsou.cards.packagesOnSale(samples.ICCID);
  beforeEach(() => {
    gateway.handlers.productCategories = respondSuccess(samples.categories);
    gateway.handlers.products = respondSuccess(samples.products);
  });

  it.each([
    [['price'], { price: null }],
    [['months'], { months: 0 }],
    [['name'], { name: '\uFFFD' }],
    [['volumeMb'], { volumeMb: 'much' }],
  ])('omit one with an invalid %j: %j, and warn', async (fields, damage) => {
    const [first, second] = samples.products;
    gateway.handlers.products = respondSuccess([{ ...first, ...damage }, second]);
    const { offers, omitted } = await onSale();
    expect(offers.map(({ id }) => id)).toEqual(['p2']);
    expect(omitted).toMatchObject([{ id: 'p1', reason: fields.join() }]);
    const details = { operation: 'product-get', element: 'p1', fields };
    expect(gateway.warnings).toEqual([{ message: 'omitted an element of a list', details }]);
  });

  it.each<[object, object]>([
    [{ price: '18.000' }, { price: 1800 }],
    [{ price: 18 }, { price: 1800 }],
    [{ price: '18.0' }, { price: 1800 }],
    [{ price: '1e3' }, { price: 100_000 }],
    [{ price: '1,018.00' }, { price: 101_800 }],
    [{ volumeMb: -1 }, { dataMb: null }],
    [{ volumeMb: 8396.8 }, { dataMb: 8396.8 }],
    [{ volume: 7 }, { id: 'p1' }],
    [{ name: '\u202E2GB 月包\t' }, { name: '2GB 月包' }],
  ])('offer one with %j', async (change, expected) => {
    const [first, second] = samples.products;
    gateway.handlers.products = respondSuccess([{ ...first, ...change }, second]);
    expect((await onSale()).offers).toMatchObject([expected, { id: 'p2' }]);
  });
});
