import * as fc from 'fast-check';
import { parseBill } from './bill';
import type { BillOwner } from './bill';
import { billedPayment, writeBill } from './testing/bill';
import type { BillRow } from './testing/bill';
import { APP_ID, MCH_ID } from './testing/scripted-wechat-pay';
import { billableText } from './truncate';

const owner: BillOwner = {
  account: { appId: APP_ID, mchId: MCH_ID },
  isOwnOrderNumber: (orderNumber) => /^LK\d{24}$/.test(orderNumber),
};

/** Texts of what separates the values and rows of a bill. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(',', '`', ',`', '"', '\n', '\r\n', '总交易单数,', '`1,`2', '\t', '\u2028'),
      fc.constantFrom('LK202603010000000000000001', 'SUCCESS', '18.00', '', '中文'),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const ownRow = fc.record({
  digits: fc.stringMatching(/^\d{24}$/),
  fen: fc.integer({ min: 1, max: 1e9 }),
});
const otherRow = fc.record({
  number: fc.stringMatching(/^[0-9A-KM-Z]{6,32}$/),
  state: fc.constantFrom('SUCCESS', 'REFUND', 'REVOKED', ''),
  amount: fc.constantFrom('1.00', '-1', 'abc', ''),
  time: fc.constantFrom('2026-03-01 08:00:00', '2026/03/01', ''),
  goods: hostileText,
  attach: hostileText,
});

test('whatever other shops sell, a bill has exactly our entries', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(ownRow, otherRow), { maxLength: 12 }),
      hostileText,
      (rows, ownName) => {
        const written = rows.map((row): BillRow =>
          'fen' in row
            ? {
                ...billedPayment,
                商户订单号: `LK${row.digits}`,
                微信订单号: `42${row.digits}`,
                订单金额: (row.fen / 100).toFixed(2),
                商品名称: billableText(ownName, 127),
              }
            : {
                ...billedPayment,
                交易时间: row.time,
                商户订单号: row.number,
                交易状态: row.state,
                订单金额: row.amount,
                商品名称: row.goods,
                商户数据包: row.attach,
              },
        );
        const own = rows.flatMap((row) => ('fen' in row ? [row] : []));
        expect(parseBill(writeBill(written), owner)).toEqual(
          own.map(({ digits, fen }) => ({
            kind: 'payment',
            orderNumber: `LK${digits}`,
            transactionId: `42${digits}`,
            refundNumber: null,
            amount: fen,
          })),
        );
      },
    ),
    { numRuns: 500 },
  );
});

test.each(['\t', ' ', '\n'])(
  'our order number with %j after it names an unreadable row',
  (mark) => {
    const orderNumber = 'LK202603010000000000000001';
    const row: BillRow = { ...billedPayment, 商户订单号: `${orderNumber}${mark}` };
    expect(parseBill(writeBill([row]), owner)).toEqual([
      expect.objectContaining({ kind: 'unreadable', orderNumber }),
    ]);
  },
);

test.each([
  ['流卡流量充值 2GB,"月包"', '流卡流量充值 2GB 月包'],
  ['a\r\nb\tc`d', 'a b c d'],
  ['\u202Ea\u200Bb\u0000', 'a b'],
  ["it's", 'it s'],
  ['  ,, ', ''],
  ['中文，全角。', '中文，全角。'],
])('our own text %j stands in a bill as %j', (text, billed) => {
  expect(billableText(text, 127)).toBe(billed);
});

test('a text is cut at a whole character', () => {
  expect(billableText('流量包', 7)).toBe('流量');
});
