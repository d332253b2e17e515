import { carrierCodeOf } from './card-report';
import { dialects } from './index';
import { operations } from './operations';
import { startDakashiFixture } from './testing/dakashi-fixture';
import type { DakashiFixture } from './testing/dakashi-fixture';

const operationIds = Object.values(operations).map(({ id }) => id);

describe.each(dialects)('大卡师 in the dialect of %s', (dialect) => {
  let fixture: DakashiFixture;
  beforeAll(async () => {
    fixture = await startDakashiFixture(dialect);
  });
  afterAll(() => fixture.close());

  it(`carries out each of its ${operationIds.length} operations when it is called by name`, async () => {
    const { caller } = fixture.dakashi;
    const serial_no = '87000001';
    const requests: Record<string, object> = {
      'member/info': { serial_no, data_update: 1 },
      'member/product/info': { serial_no, state: 0 },
      'product/info': { serial_no },
      recharge: { serial_no, product_no: '110200_1024', effective: 0 },
      'member/startshut': { serial_no: '87000005', action: 2 },
      'member/gprs/reset': { serial_no: '87000002' },
      'member/custom_no': { serial_no, custom_no: '0123456' },
      'user/info': {},
      'prepaid/card/info': { serial_no: '170222734322000000' },
      'send/message': { serial_no, content: '接口测试', format: 8 },
    };
    expect(caller.operations.map(({ id }) => id).sort()).toEqual([...operationIds].sort());
    const answers = new Map<string, unknown>();
    for (const [id, request] of Object.entries(requests)) {
      const result = await caller.call(id, request);
      expect([id, result.outcome]).toEqual([id, 'done']);
      answers.set(id, result.outcome === 'done' ? result.data : undefined);
    }
    const { order_no } = answers.get('recharge') as { order_no: string };
    answers.set('order/info', await caller.call('order/info', { order_no }));
    expect([...answers.keys()].sort()).toEqual([...operationIds].sort());
    expect(answers.get('order/info')).toMatchObject({ data: { order_no, serial_no } });
  });

  describe('finds a card', () => {
    const find = (kind: 'iccid' | 'iccidSuffix' | 'customNumber', value: string) =>
      fixture.dakashi.cards.find({ kind, value });

    it('by its full ICCID, which determines the carrier', async () => {
      const { cards } = await fixture.state();
      const { iccid, serialNo } = cards[1]!;
      expect(await find('iccid', iccid)).toEqual([
        { ref: serialNo, iccid, accessNumber: null, carrier: 'mobile' },
      ]);
    });

    it('by the end of its ICCID, its serial number or its custom number, without ICCID and carrier', async () => {
      const { cards } = await fixture.state();
      const { iccid, serialNo, customNo } = cards[0]!;
      const found = [{ ref: serialNo, iccid: null, accessNumber: null, carrier: 'unknown' }];
      expect(await find('iccidSuffix', iccid.slice(-10))).toEqual(found);
      expect(await find('customNumber', serialNo)).toEqual(found);
      expect(await find('customNumber', customNo)).toEqual(found);
    });

    it('only if the number exists', async () => {
      expect(await find('customNumber', '99999999')).toEqual([]);
    });

    it('whose number also exists at 旭宇', async () => {
      const last = fixture.platforms.cards.filter(({ carrier }) => carrier !== 'unknown').at(-1)!;
      const [card] = await find('iccid', last.iccid);
      expect(card).toMatchObject({ ref: '87000006', iccid: last.iccid });
    });
  });

  it('reports volumes, packages and state, and the rest as unknown', async () => {
    const report = await fixture.dakashi.cards.report('87000006');
    expect(report).toMatchObject({
      ref: '87000006',
      iccid: null,
      carrier: 'unknown',
      carrierCode: 'dakashi:1',
      realName: 'unknown',
      usage: { totalMb: 5120, usedMb: 512, remainingMb: 4608 },
      expiresAt: null,
      packages: [{ name: '物联卡 5GB 月包', dataMb: 5120, state: 'current' }],
    });
    const [held] = report!.packages;
    expect(new Date(held!.from! + 8 * 3_600_000).getUTCDate()).toBe(1);
    expect(new Date(held!.until! + 1 + 8 * 3_600_000).getUTCDate()).toBe(1);
    const raw = report!.raw[0]!.answer as { total_data_value: number | null };
    expect(raw.total_data_value).toBe(dialect === 'seed' ? 5120 : null);
    expect(await fixture.dakashi.cards.report('87999999')).toBeUndefined();
  });

  it('lists packages by level, with their cost and without a price', async () => {
    const { categories, offers } = await fixture.dakashi.cards.packagesOnSale('87000001');
    expect(categories).toEqual([
      { id: '1-0', name: '基础包' },
      { id: '2-0', name: '叠加包' },
      { id: '2-1', name: '叠加包 · 省内' },
      { id: '3-0', name: '跨月包' },
      { id: '4-0', name: '加餐包' },
    ]);
    expect(new Set(offers.map(({ kind }) => kind))).toEqual(
      new Set(['basic', 'addOn', 'crossMonth', 'bonus']),
    );
    expect(offers.find(({ id }) => id === '110300_6144')).toEqual({
      id: '110300_6144',
      categoryId: '3-0',
      name: '跨月包 6GB（3 个月有效）',
      kind: 'crossMonth',
      dataMb: 6144,
      price: null,
      cost: 1800,
      months: 3,
      effective: ['now', 'nextMonth'],
    });
  });

  it('powers a card off and on, and reports while it is in progress', async () => {
    const { cards, actions } = fixture.dakashi;
    const code = async () => (await cards.report('87000006'))!.carrierCode;
    expect(await actions.setPower('87000006', 'off')).toEqual({ outcome: 'done', value: null });
    expect(await code()).toBe('dakashi:3');
    await fixture.platforms.advanceClock(5);
    expect(await code()).toBe('dakashi:0');
    await actions.setPower('87000006', 'on');
    expect(await code()).toBe('dakashi:4');
    await fixture.platforms.advanceClock(5);
    expect(await code()).toBe('dakashi:1');
  });

  it('reconnects a card', async () => {
    expect((await fixture.dakashi.actions.resetNetwork('87000006')).outcome).toBe('done');
    const report = await fixture.dakashi.cards.report('87000006');
    expect(report!.carrierCode).toBe('dakashi:1/4');
    await fixture.platforms.advanceClock(5);
  });

  it('sets a custom number, once', async () => {
    const { actions, cards } = fixture.dakashi;
    expect((await actions.setCustomNumber('87000004', '0070070')).outcome).toBe('done');
    expect(await cards.find({ kind: 'customNumber', value: '0070070' })).toMatchObject([
      { ref: '87000004' },
    ]);
    expect(await actions.setCustomNumber('87000003', '0070070')).toEqual({
      outcome: 'refused',
      reason: 'rejected',
      message: '55018 该自定义卡号已被占用',
    });
  });

  it('sends a message and reads a prepaid card', async () => {
    const { actions } = fixture.dakashi;
    const sent = await actions.sendMessage('87000001', '你好');
    expect(sent).toMatchObject({
      outcome: 'done',
      value: { transaction: expect.stringMatching(/^\d{24}$/) },
    });
    expect(await actions.prepaidCard('170222734322000001')).toEqual({
      number: '170222734322000001',
      password: expect.stringMatching(/^\d{8}$/) as string,
      name: '物联卡 1GB 月包 卡密',
      dataMb: 1024,
      cost: 300,
      state: 'used',
    });
    expect(await actions.prepaidCard('170222734322000009')).toBeUndefined();
  });

  it('reports the agent’s balance', async () => {
    await fixture.setBalance(123_456);
    expect(await fixture.dakashi.cards.balance!()).toBe(123_456);
  });
});

it.each([
  ['0', '0', 'dakashi:0'],
  ['1', '1', 'dakashi:1'],
  ['1', '0', 'dakashi:1/0'],
  ['1', null, 'dakashi:1/'],
  ['2', '0', 'dakashi:2'],
  ['4', '1', 'dakashi:4'],
  [null, '1', 'dakashi:'],
])('sim_status %p with gprs_status %p is %p', (sim_status, gprs_status, code) => {
  const nothing = { serial_no: null, custom_no: null, iccid_suffix: null, total_data_value: null };
  const volumes = { resources_count: null, ieavings_count: null, used_res_count: null };
  expect(carrierCodeOf({ ...nothing, ...volumes, sim_status, gprs_status })).toBe(code);
});
