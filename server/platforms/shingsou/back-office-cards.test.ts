import { ID_NUMBER } from './testing/examples';
import { startBackOfficeFixture } from './testing/back-office-fixture';
import type { BackOfficeFixture } from './testing/back-office-fixture';

let fixture: BackOfficeFixture;
beforeEach(async () => {
  fixture = await startBackOfficeFixture();
});
afterEach(() => fixture.close());

const page = { pageIndex: 1, pageSize: 10 };

async function statusOf(cardNo: string) {
  return fixture.callSuccessfully<{ status: string; networkState: number | null }>(
    'flowCardStatus',
    { cardNo },
  );
}

describe('停复机', () => {
  it('passes through 正在停机 and 正在复机 before the card’s status follows', async () => {
    const cardNo = fixture.card().iccid;
    await fixture.callSuccessfully('switchFlowCard', { cardNo, action: 2 });
    expect(await statusOf(cardNo)).toEqual({ status: '1', networkState: 3 });
    await fixture.platforms.advanceClock(6);
    // 电信 2: 用户报停.
    expect(await statusOf(cardNo)).toEqual({ status: '2', networkState: null });
    await fixture.callSuccessfully('switchFlowCard', { cardNo, action: 1 });
    expect(await statusOf(cardNo)).toEqual({ status: '2', networkState: 4 });
    await fixture.platforms.advanceClock(6);
    expect(await statusOf(cardNo)).toEqual({ status: '1', networkState: null });
  });

  it('is refused while in progress or if the card’s status does not allow it', async () => {
    const cardNo = fixture.card().iccid;
    const refused = { outcome: 'refused', code: 'UnprocessableEntity' };
    expect(await fixture.call('switchFlowCard', { cardNo, action: 1 })).toMatchObject(refused);
    await fixture.callSuccessfully('switchFlowCard', { cardNo, action: 2 });
    expect(await fixture.call('switchFlowCard', { cardNo, action: 2 })).toMatchObject(refused);
  });

  it('does not resume a card without remaining volume', async () => {
    const { iccid: cardNo } = fixture.platforms.cards.find(
      ({ carrier, carrierCode }) => carrier === 'mobile' && carrierCode === '2',
    )!;
    expect(await fixture.call('switchFlowCard', { cardNo, action: 1 })).toEqual({
      outcome: 'refused',
      code: 'UnprocessableEntity',
      message: '流量已用尽，充值后自动复机',
    });
  });
});

describe('划卡', () => {
  it.each([
    ['transferFlowCards', ['8986'], 'nobody', 'Transfer_ConsigneeIsNotExists', '接收人账户不存在'],
    [
      'transferFlowCards',
      [],
      'liuka-agent-1',
      'Transfer_CardIDCanNotBeLessThanOne',
      '卡号不能少于1个',
    ],
    [
      'transferDataCards',
      ['20260101'],
      'nobody',
      'Transfer_ConsigneeIsNotExists',
      '接收人账户不存在',
    ],
    [
      'transferDataCards',
      [],
      'liuka-agent-1',
      'Transfer_CardIDCanNotBeLessThanOne',
      '卡号不能少于1个',
    ],
  ] as const)(
    '%s of %j to %s is refused with %s',
    async (name, cardNos, consignee, code, message) => {
      const result = await fixture.call(name, { consignee, cardNos });
      expect(result).toEqual({ outcome: 'refused', code, message });
    },
  );

  it('transfers all cards or none', async () => {
    const cardNos = [fixture.card().iccid, '89860000000000000000'];
    const asked = { consignee: 'liuka-agent-1', cardNos };
    expect(await fixture.call('transferFlowCards', asked)).toMatchObject({ code: 'NotFound' });
    expect(await fixture.callSuccessfully('flowCardTransferHistory', page)).toEqual({
      total: 0,
      items: [],
    });
  });
});

describe('制卡', () => {
  const generate = async (quantity: number, seconds = 86_400) =>
    fixture.call('generateDataCards', {
      productId: '110101',
      quantity,
      expireTime: await fixture.time(seconds),
    });

  it('needs an expiry in the future', async () => {
    expect(await generate(1, -1)).toEqual({
      outcome: 'refused',
      code: 'Generate_ExptimeNeedGreaterThanNow',
      message: '到期时间必须大于当前时间',
    });
  });

  it('creates 99,999,999 cards a day at most', async () => {
    expect(await generate(99_999_998)).toMatchObject({ outcome: 'done' });
    expect(await generate(2)).toMatchObject({ code: 'Generate_MaximumOf99999999CardsPerDay' });
    const last = await generate(1);
    expect(last).toMatchObject({ data: { lastCardNo: expect.stringMatching(/^\d{8}99999999$/) } });
    await fixture.platforms.advanceClock(86_400);
    expect(await generate(1)).toMatchObject({ outcome: 'done' });
  });

  it('creates cards that are listed across batches, transferred, and redeemed once', async () => {
    const lists = async (changes: object) =>
      fixture.callSuccessfully<{ total: number; items: { cardNo: string; state: number }[] }>(
        'dataCards',
        {
          ...page,
          ...changes,
        },
      );
    await generate(3);
    await generate(4);
    const second = await lists({ pageIndex: 2, pageSize: 2 });
    expect(second.total).toBe(7);
    const numbers = second.items.map(({ cardNo }) => Number(cardNo.slice(-8)));
    expect(numbers).toEqual([3, 4]);
    const { cardNo } = second.items[0]!;
    await fixture.callSuccessfully('transferDataCards', {
      consignee: 'liuka-agent-2',
      cardNos: [cardNo],
    });
    expect((await lists({ cardNo })).items).toMatchObject([
      { cardNo, state: 0, consignee: 'liuka-agent-2' },
    ]);
    const card = { cardNo: fixture.card().iccid };
    const before = await fixture.callSuccessfully<{ totalMb: number }>('flowCardData', card);
    await fixture.simulateUser('redeem', { cardNo, iccid: card.cardNo });
    await expect(fixture.simulateUser('redeem', { cardNo, iccid: card.cardNo })).rejects.toThrow(
      '409',
    );
    const after = await fixture.callSuccessfully<{ totalMb: number }>('flowCardData', card);
    expect(after.totalMb).toBe(before.totalMb + 2048);
    expect((await lists({ cardNo })).items).toMatchObject([{ state: 1 }]);
    const again = { consignee: 'liuka-agent-1', cardNos: [cardNo] };
    expect(await fixture.call('transferDataCards', again)).toMatchObject({ outcome: 'refused' });
  });
});

describe('导卡', () => {
  it('creates cards that can be found, and names those that it could not import', async () => {
    const known = fixture.card().iccid;
    const imported = await fixture.callSuccessfully('importFlowCards', {
      operator: '移动',
      categoryId: '12',
      cards: [
        { iccid: '89860412345678901234', accessNo: '1440000000001' },
        { iccid: known },
        { iccid: '12345' },
      ],
    });
    expect(imported).toMatchObject({
      count: 1,
      failed: [
        { cardNo: known, reason: '卡号已存在' },
        { cardNo: '12345', reason: 'ICCID 格式不正确' },
      ],
    });
    expect(await fixture.callSuccessfully('flowCardImportHistory', page)).toMatchObject({
      total: 1,
      items: [{ count: 1, failedCount: 2 }],
    });
    expect(
      await fixture.callSuccessfully('flowCards', { keyword: '1440000000001', ...page }),
    ).toMatchObject({
      items: [{ iccid: '89860412345678901234', operator: '移动', categoryId: '12' }],
    });
    // 移动 7: 待激.
    expect(await statusOf('1440000000001')).toMatchObject({ status: '7' });
  });
});

describe('更新', () => {
  it('changes only the given fields', async () => {
    const cardNo = fixture.card().iccid;
    await fixture.callSuccessfully('updateFlowCard', {
      cardNo,
      remark: '样机',
      tags: ['门店', '演示'],
    });
    await fixture.callSuccessfully('updateFlowCards', { cardNos: [cardNo], tags: ['门店'] });
    expect(await fixture.callSuccessfully('flowCards', { keyword: cardNo, ...page })).toMatchObject(
      {
        items: [{ remark: '样机', tags: ['门店'], categoryId: null }],
      },
    );
    expect(await fixture.callSuccessfully('flowCardTags', {})).toEqual([
      { name: '门店', count: 1 },
    ]);
  });
});

describe('实名认证', () => {
  const unverified = () =>
    fixture.platforms.cards.find(({ carrierCode }) => carrierCode === '150001')!.iccid;
  const verify = (idNumber: string) =>
    fixture.call('verifyRealName', { cardNo: unverified(), name: '示例', idNumber });

  it('is part of the card’s detail', async () => {
    const read = async () => fixture.callSuccessfully('flowCardDetail', { cardNo: unverified() });
    expect(await read()).toMatchObject({ realName: 0 });
    expect(await verify(ID_NUMBER)).toMatchObject({ outcome: 'done' });
    expect(await read()).toMatchObject({ realName: 1 });
  });

  it('is refused for a number with a wrong check character, and no message repeats the number', async () => {
    const result = await verify('110101199003079930');
    expect(result).toMatchObject({ outcome: 'refused', code: 'UnprocessableEntity' });
    expect(JSON.stringify(result)).not.toContain('19900307');
  });
});

it('reports when to retry after the gateway’s rate limit', async () => {
  await fixture.platforms.setFaults({ gatewayLimited: true });
  expect(await fixture.call('flowCardTypes', {})).toEqual({
    outcome: 'unknown',
    message: 'shingsou flowcard-types: too many requests, retry after 3 s',
  });
  await fixture.platforms.setFaults({});
  expect(await fixture.call('flowCardTypes', {})).toMatchObject({ outcome: 'done' });
});

it('rejects unknown operations and invalid requests', async () => {
  await expect(fixture.caller.call('flowcard-colour', {})).rejects.toThrow(
    new TypeError('shingsou has no operation flowcard-colour'),
  );
  const request = { cardNo: fixture.card().iccid, name: '示例', idNumber: '1' };
  await expect(fixture.call('verifyRealName', request)).rejects.toThrow(
    new TypeError('shingsou flowcard-reality: invalid request fields: idNumber'),
  );
});
