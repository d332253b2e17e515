import { Aes, Formatter, Hash, Rsa } from 'wechatpay-axios-plugin';
import { createPublicKey, createSecretKey, generateKeyPairSync, verify } from 'node:crypto';
import { encrypt } from './testing/scripted-wechat-pay';

/** Tests the library against the vectors WeChat Pay publishes, and against node:crypto. */

describe('v2 signatures', () => {
  const paymentRequest = {
    appId: 'wxd678efh567hg6787',
    nonceStr: '5K8264ILTKCH16CQ2502SI8ZNMTM67VS',
    package: 'prepay_id=wx2017033010242291fcfe0db70013231072',
    signType: 'MD5',
    timeStamp: '1490840662',
  };
  const request = {
    appid: 'wxd930ea5d5a258f4f',
    body: 'test',
    device_info: '1000',
    mch_id: '10000100',
    nonce_str: 'ibuaiVcKdpRxkhJA',
  };
  const key = '192006250b4c09247ec02edce69f6a2d';

  it('of the payment sheet match the example of 小程序调起支付', () => {
    const paySign = Hash.sign('MD5', paymentRequest, 'qazwsxedcrfvtgbyhnujmikolp111111');
    expect(paySign).toBe('22D9B4E54AB1950F51E0649E8810ACD6');
  });

  it.each([
    ['MD5', '9A0A8659F005D6984697E2CA0A9CF3B7'],
    ['HMAC-SHA256', '6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6'],
  ] as const)('with %s match the example of 签名算法', (type, expected) => {
    expect(Hash.sign(type, request, key)).toBe(expected);
  });

  it('do not depend on field order, and omit empty values and the signature itself', () => {
    const reversed = Object.fromEntries(Object.entries(request).reverse());
    expect(Hash.sign('MD5', { ...reversed, attach: '', sign: 'x' }, key)).toBe(
      '9A0A8659F005D6984697E2CA0A9CF3B7',
    );
  });
});

describe('the v3 text to sign', () => {
  it('of a request has five lines, each ended by a line feed', () => {
    const text = Formatter.request('GET', '/v3/certificates', 1554208460, 'nonce');
    expect(text).toBe('GET\n/v3/certificates\n1554208460\nnonce\n\n');
  });

  it('of an answer has three, even if the body is empty', () => {
    expect(Formatter.response(1554209980, 'nonce', '{"data":[]}')).toBe(
      '1554209980\nnonce\n{"data":[]}\n',
    );
    expect(Formatter.response('1554209980', 'nonce', '')).toBe('1554209980\nnonce\n\n');
  });

  it('of a payment sheet has four', () => {
    expect(Formatter.joinedByLineFeed('wx', '1414561699', 'nonce', 'prepay_id=wx2')).toBe(
      'wx\n1414561699\nnonce\nprepay_id=wx2\n',
    );
  });
});

test('node:crypto verifies what the library signs', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signature = Buffer.from(Rsa.sign('流卡\n', privateKey), 'base64');
  const text = Buffer.from('流卡\n');
  expect(verify('sha256', text, createPublicKey(privateKey), signature)).toBe(true);
});

test('the library decrypts what node:crypto encrypts', () => {
  const key = 'a key of exactly thirty-two byte';
  const { ciphertext, nonce, associated_data } = encrypt('{"流卡":1}', 'transaction', key);
  const decrypted = Aes.AesGcm.decrypt(
    ciphertext,
    createSecretKey(key, 'utf8'),
    nonce,
    associated_data,
  );
  expect(decrypted).toBe('{"流卡":1}');
});
