import {
  cardStatusCodes,
  cardStatusTexts,
  carrierStatusTables,
  platformStatusTables,
  readCardStatus,
  type Carrier,
} from './carrier-status';

/** 卡状态表 of 旭宇 IOT's access document, verbatim. */
const document = {
  mobile: `
 0: 正常
 1: 单向停机
 1: 停机
 2: 停机
 3: 预销号
 4: 销号
 5: 过户
 6: 休眠
 7: 待激
99: 号码不存在
`,
  telecom: `
-1: 未知
 1: 在用
 2: 用户报停
 3: 用户拆机
 5: 欠停(双向)
 6: 欠停(单向)
 7: 违章停机
 8: 挂失
 11: 施工未完
 19: 活卡待激活
 120000: 停机
 100001: 已激活(测试期)
 140003: 未激活(测试期)
 150001: 未实名制违规停机
 140000: 预拆机停机
 160000: 数据异常停机
 170000: 局方原因停机
`,
  unicom: `
 1: 已激活
 2: 已停用
 3: 可测试
 4: 库存
 5: 体验
 6: 可激活
 7: 已失效
 8: 已清除
 9:
10: 当前账期
11: 一直
`,
} as const;

const carriers = ['mobile', 'telecom', 'unicom'] as const;

function rowsOf(carrier: keyof typeof document) {
  return document[carrier]
    .trim()
    .split('\n')
    .map((line) => {
      const [carrierCode = '', carrierText = ''] = line.split(':').map((part) => part.trim());
      return { carrierCode, carrierText };
    });
}

test.each(carriers)('the table of %s matches the document completely and verbatim', (carrier) => {
  const rows = carrierStatusTables[carrier].map(({ carrierCode, carrierText }) => ({
    carrierCode,
    carrierText,
  }));
  expect(rows).toEqual(rowsOf(carrier));
});

test('a code that a table lists twice keeps both wordings, and gets a status that fits both', () => {
  const status = readCardStatus('mobile', '1');
  expect(status.carrierTexts).toEqual(['单向停机', '停机']);
  expect(status.code).toBe('suspended');
  expect(status.label).toEqual(cardStatusTexts.suspended.label);
});

test('a code without a wording is unknown, and keeps its number', () => {
  expect(readCardStatus('unicom', '9')).toMatchObject({
    code: 'unknown',
    carrierCode: '9',
    carrierTexts: [],
  });
});

test.each<[Carrier, string]>([
  ['mobile', '8'],
  ['mobile', '-1'],
  ['mobile', '120000'],
  ['telecom', '0'],
  ['telecom', '99'],
  ['unicom', '0'],
  ['unicom', ''],
  ['unicom', '1.0'],
  ['unicom', '01'],
  ['telecom', '__proto__'],
  ['unknown', '1'],
  ['unknown', '0'],
])('%s has no code %p, so it is unknown and no package can be bought', (carrier, carrierCode) => {
  const status = readCardStatus(carrier, carrierCode);
  expect(status).toMatchObject({ code: 'unknown', carrierCode, carrierTexts: [] });
  expect(status.canBuy).toBe(false);
});

test('the same code has different meanings at different carriers', () => {
  const codes = carriers.map((carrier) => readCardStatus(carrier, '7').code);
  expect(codes).toEqual(['pendingActivation', 'violation', 'cancelled']);
});

test('spaces around a code are ignored', () => {
  expect(readCardStatus('mobile', ' 0 ').code).toBe('active');
});

test.each(cardStatusCodes)('%s has a label and advice in each language', (code) => {
  for (const text of Object.values(cardStatusTexts[code])) {
    expect(text['zh-CN']).toMatch(/[\u4e00-\u9fff]/);
    expect(text.en).toMatch(/^[A-Z][\x20-\x7e]+$/);
  }
});

function sellable(carrier: 'mobile' | 'telecom' | 'unicom'): string[] {
  const codes = carrierStatusTables[carrier].map(({ carrierCode }) => carrierCode);
  return [...new Set(codes)].filter((carrierCode) => readCardStatus(carrier, carrierCode).canBuy);
}

test('packages are sold only for cards on which a top-up has an effect', () => {
  expect(sellable('mobile')).toEqual(['0', '1', '2', '6', '7']);
  expect(sellable('telecom')).toEqual(['1', '5', '6', '11', '19', '120000', '100001', '140003']);
  expect(sellable('unicom')).toEqual(['1', '2', '3', '5', '6']);
});

test.each(['2', '150001', '160000', '170000'])(
  'the advice for 电信 code %s says that a top-up does not restore the card',
  (carrierCode) => {
    expect(readCardStatus('telecom', carrierCode).advice['zh-CN']).toContain('充值不能恢复');
  },
);

/** 开机状态 and GPRS状态 of 大卡师's member/info, verbatim from its document. */
const simTexts = { 0: '停机', 1: '开机', 2: '待激活', 3: '正在关机', 4: '正在开机' };
const gprsTexts = { 0: '关闭', 3: '正在关闭', 4: '正在开启' };

test('the table of 大卡师 has every state of its document, verbatim', () => {
  const rows = platformStatusTables.dakashi.map(({ carrierCode, carrierText }) => [
    carrierCode,
    carrierText,
  ]);
  expect(Object.fromEntries(rows)).toEqual({
    ...Object.fromEntries(
      Object.entries(simTexts).map(([code, text]) => [`dakashi:${code}`, text]),
    ),
    ...Object.fromEntries(
      Object.entries(gprsTexts).map(([code, text]) => [`dakashi:1/${code}`, `开机，GPRS${text}`]),
    ),
  });
});

test.each(['dakashi:3', 'dakashi:4', 'dakashi:1/3', 'dakashi:1/4'])(
  'a card whose state is changing (%s) gets the advice to wait and refresh, and no package can be bought',
  (carrierCode) => {
    const status = readCardStatus('unknown', carrierCode);
    expect(status.label['zh-CN']).toMatch(/^处理中 · /);
    expect(status.advice['zh-CN']).toContain('请等一分钟后刷新');
    expect(status.advice.en).toContain('Wait a minute');
    expect(status.canBuy).toBe(false);
  },
);

test.each(['unknown', ...carriers] as const)(
  'a state of 大卡师 has the same meaning for every carrier (%s)',
  (carrier) => {
    expect(readCardStatus(carrier, 'dakashi:1')).toMatchObject({ code: 'active', canBuy: true });
    expect(readCardStatus(carrier, 'dakashi:0')).toMatchObject({ code: 'suspended', canBuy: true });
    expect(readCardStatus(carrier, 'dakashi:1/0').label['zh-CN']).toBe('已断网');
  },
);

test.each(['dakashi:', 'dakashi:1/', 'dakashi:1/7', 'dakashi:5', 'dakashi', 'Dakashi:1'])(
  '%p is not a state of 大卡师, so it is unknown and no package can be bought',
  (carrierCode) => {
    expect(readCardStatus('unknown', carrierCode)).toMatchObject({
      code: 'unknown',
      canBuy: false,
    });
  },
);
