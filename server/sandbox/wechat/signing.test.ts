import { isSigned, paySign } from './signing';

/** The example of WeChat Pay's document on starting a mini-program payment (API v2). */
const example = {
  appId: 'wxd678efh567hg6787',
  nonceStr: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
  package: 'prepay_id=wx2017033010242291fcfe0db70013231072',
  signType: 'MD5',
  timeStamp: '1490840662',
};
const KEY = 'qazwsxedcrfvtgbyhnujmikolp111111';
const SIGNATURE = '22D9B4E54AB1950F51E0649E8810ACD6';

test('the document’s example comes out as the document prints it', () => {
  expect(paySign(example, KEY)).toBe(SIGNATURE);
});

test('HMAC-SHA256 gives another signature, and other types none', () => {
  expect(paySign({ ...example, signType: 'HMAC-SHA256' }, KEY)).toMatch(/^[0-9A-F]{64}$/);
  expect(paySign({ ...example, signType: 'RSA' }, KEY)).toBeUndefined();
});

test.each(['timeStamp', 'nonceStr', 'package', 'paySign'] as const)(
  'a changed %s is noticed',
  (field) => {
    const sheet = { ...example, paySign: SIGNATURE };
    expect(isSigned(sheet, example.appId, KEY)).toBe(true);
    expect(isSigned({ ...sheet, [field]: `${sheet[field]}0` }, example.appId, KEY)).toBe(false);
  },
);
