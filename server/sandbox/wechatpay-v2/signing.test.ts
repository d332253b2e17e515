import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { hasValidV2Signature, hasValidV3Signature, paySign } from './signing';

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

test('the document’s example has the documented signature', () => {
  expect(paySign(example, KEY)).toBe(SIGNATURE);
});

test('HMAC-SHA256 gives another signature, and unknown types none', () => {
  expect(paySign({ ...example, signType: 'HMAC-SHA256' }, KEY)).toMatch(/^[0-9A-F]{64}$/);
  expect(paySign({ ...example, signType: 'RSA' }, KEY)).toBeUndefined();
});

test.each(['timeStamp', 'nonceStr', 'package', 'paySign'] as const)(
  'a changed %s is noticed',
  (field) => {
    const sheet = { ...example, paySign: SIGNATURE };
    expect(hasValidV2Signature(sheet, example.appId, KEY)).toBe(true);
    expect(hasValidV2Signature({ ...sheet, [field]: `${sheet[field]}0` }, example.appId, KEY)).toBe(
      false,
    );
  },
);

/** The general example of 签名算法 (API v2): fields in order, the key behind them. */
test('the general example of the algorithm has the documented signature', () => {
  const text =
    'appid=wxd930ea5d5a258f4f&body=test&device_info=1000&mch_id=10000100&nonce_str=ibuaiVcKdpRxkhJA' +
    '&key=192006250b4c09247ec02edce69f6a2d';
  const md5 = createHash('md5').update(text).digest('hex').toUpperCase();
  expect(md5).toBe('9A0A8659F005D6984697E2CA0A9CF3B7');
  const hmac = createHmac('sha256', '192006250b4c09247ec02edce69f6a2d').update(text).digest('hex');
  expect(hmac.toUpperCase()).toBe(
    '6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6',
  );
});

describe('API v3', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const lines = `${example.appId}\n${example.timeStamp}\n${example.nonceStr}\n${example.package}\n`;
  const sheet = {
    ...example,
    signType: 'RSA',
    paySign: sign('sha256', Buffer.from(lines), privateKey).toString('base64'),
  };

  test('four lines are signed with RSA', () => {
    expect(hasValidV3Signature(sheet, example.appId, publicKey)).toBe(true);
    expect(hasValidV3Signature(sheet, 'wx0000000000000000', publicKey)).toBe(false);
  });

  test.each(['timeStamp', 'nonceStr', 'package'] as const)('a changed %s is noticed', (field) => {
    const changed = { ...sheet, [field]: `${sheet[field]}0` };
    expect(hasValidV3Signature(changed, example.appId, publicKey)).toBe(false);
  });

  test.each([
    ['another type', { signType: 'MD5' }],
    ['no signature', { paySign: '' }],
    ['something else', { paySign: 'not base64!' }],
  ])('%s is no signature', (_case, change) => {
    expect(hasValidV3Signature({ ...sheet, ...change }, example.appId, publicKey)).toBe(false);
  });
});
