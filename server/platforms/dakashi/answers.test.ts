import { PlatformUnavailable } from '../ports';
import type { CardPlatform } from '../ports';
import type { OperationName } from './operations';
import { respondSuccess, startScriptedDakashi } from './testing/scripted-dakashi';
import type { ScriptedDakashi } from './testing/scripted-dakashi';
import * as samples from './testing/samples';

const { ICCID, SUFFIX, SERIAL, CUSTOM, PRODUCT } = samples;

let platform: ScriptedDakashi;
beforeAll(async () => {
  platform = await startScriptedDakashi();
});
afterAll(() => platform.close());

function resetAnswers(): void {
  platform.handlers.memberInfo = respondSuccess(samples.info);
  platform.handlers.memberProducts = respondSuccess(samples.heldProducts);
  platform.handlers.products = respondSuccess(samples.products);
}

describe('an answer about another card', () => {
  const other = { serial_no: '87000018', custom_no: '600018', iccid_suffix: '0000000018' };
  it.each<[string, OperationName, object, (cards: CardPlatform) => Promise<unknown>]>([
    ['find', 'memberInfo', samples.info, (cards) => cards.find({ kind: 'iccid', value: ICCID })],
    ['report', 'memberInfo', samples.info, (cards) => cards.report(SERIAL)],
    ['report', 'memberProducts', samples.heldProducts, (cards) => cards.report(SERIAL)],
    ['packagesOnSale', 'products', samples.products, (cards) => cards.packagesOnSale(SERIAL)],
    [
      'holdings',
      'memberProducts',
      samples.heldProducts,
      (cards) => cards.packageSnapshot!(SERIAL, PRODUCT),
    ],
  ])('is rejected by %s (%s)', async (_method, name, data, query) => {
    resetAnswers();
    platform.handlers[name] = respondSuccess({ ...data, ...other });
    await expect(query(platform.dakashi.cards)).rejects.toThrow('answered about another card');
  });

  it('is not a match if the number matched another field of the card', async () => {
    resetAnswers();
    platform.handlers.memberInfo = respondSuccess({
      ...samples.info,
      custom_no: SUFFIX,
      iccid_suffix: '0000000018',
    });
    expect(await platform.dakashi.cards.find({ kind: 'iccid', value: ICCID })).toEqual([]);
  });
});

describe('PHP’s notation of values', () => {
  const report = async (info: object) => {
    resetAnswers();
    platform.handlers.memberInfo = respondSuccess({ ...samples.info, ...info });
    return (await platform.dakashi.cards.report(SERIAL))!;
  };

  it('is accepted for numbers and texts', async () => {
    const info = {
      serial_no: Number(SERIAL),
      custom_no: Number(CUSTOM),
      sim_status: 1,
      gprs_status: 1,
      resources_count: 2048,
      ieavings_count: '1024.50',
      used_res_count: '1023.5',
    };
    expect(await report(info)).toMatchObject({
      ref: SERIAL,
      carrierCode: 'dakashi:1',
      usage: { totalMb: 2048, usedMb: 1023.5, remainingMb: 1024.5 },
    });
  });

  it('is accepted for lists with keys, and for empty lists', async () => {
    const { packages } = samples.heldProducts;
    for (const [given, count] of [
      [{ 0: packages[0], 2: packages[1] }, 2],
      [[], 0],
      ['', 0],
      [null, 0],
    ]) {
      resetAnswers();
      platform.handlers.memberProducts = respondSuccess({
        ...samples.heldProducts,
        packages: given,
      });
      expect((await platform.dakashi.cards.report(SERIAL))!.packages).toHaveLength(Number(count));
    }
  });

  it('reports a remaining volume of zero for an overused package', async () => {
    const { usage: reported } = await report({ ieavings_count: '-12.5' });
    expect(reported).toMatchObject({ totalMb: 2048, remainingMb: 0 });
  });

  it('gives no usage if a volume is missing', async () => {
    expect((await report({ used_res_count: '' })).usage).toBeNull();
    expect((await report({ resources_count: [] })).usage).toBeNull();
  });
});

describe('an answer of the older document, which holds only a total', () => {
  let older: ScriptedDakashi;
  beforeAll(async () => {
    older = await startScriptedDakashi({ dialect: 'seed' });
    older.handlers.memberInfo = respondSuccess({ total_data_value: '10' });
    older.handlers.memberProducts = respondSuccess(samples.heldProducts);
  });
  afterAll(() => older.close());

  it('is accepted only for the card whose own number was queried', async () => {
    const { cards } = older.dakashi;
    expect(await cards.find({ kind: 'customNumber', value: SERIAL })).toEqual([
      { ref: SERIAL, iccid: null, accessNumber: null, carrier: 'unknown' },
    ]);
    expect(await cards.find({ kind: 'accessNumber', value: '1064900000017' })).toMatchObject([
      { ref: '1064900000017', accessNumber: '1064900000017' },
    ]);
    expect(await cards.find({ kind: 'iccid', value: ICCID })).toEqual([]);
    expect(await cards.find({ kind: 'iccidSuffix', value: SUFFIX })).toEqual([]);
  });

  it('gives neither usage nor state, and keeps the total for staff', async () => {
    const report = await older.dakashi.cards.report(SERIAL);
    expect(report).toMatchObject({ ref: SERIAL, carrierCode: 'dakashi:', usage: null });
    expect(report!.raw[0]).toMatchObject({
      operation: 'member/info',
      answer: { total_data_value: 10 },
    });
  });

  it('is unusable in the later dialect, whose answers name the card', async () => {
    platform.handlers.memberInfo = respondSuccess({ total_data_value: '10' });
    const find = platform.dakashi.cards.find({ kind: 'customNumber', value: SERIAL });
    await expect(find).rejects.toBeInstanceOf(PlatformUnavailable);
  });
});
