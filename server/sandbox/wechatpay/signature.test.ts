import { X509Certificate } from 'node:crypto';
import {
  createWechatPayClient,
  decrypt,
  hasValidSignature,
  type PayResponse,
  type WechatPayClient,
  type Resource,
} from '../testing/wechatpay-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let wechatPay: WechatPayClient;

beforeAll(async () => {
  sandbox = await startSandbox();
  wechatPay = await createWechatPayClient(sandbox);
});
beforeEach(() => sandbox.setFaults({}));
afterAll(() => sandbox.close());

const CERTIFICATES = '/v3/certificates';

/** The names of the headers that sign a response. */
const signatureHeadersOf = ({ headers }: PayResponse) =>
  [...headers.keys()].filter((name) => name.startsWith('wechatpay-'));

const seconds = (instant: number) => String(Math.floor(instant / 1000));

describe('a request', () => {
  test('is accepted with the merchant’s signature', async () => {
    expect((await wechatPay.get(CERTIFICATES)).status).toBe(200);
  });

  test.each([
    ['another scheme', { scheme: 'WECHATPAY2-SM2-WITH-SM3' }],
    ['another merchant number', { mchid: '1600000000' }],
    ['no merchant number', { mchid: '' }],
    ['another certificate', { serial_no: '5'.repeat(40) }],
    ['a nonce that is too long', { nonce_str: 'n'.repeat(33) }],
    ['an invalid time', { timestamp: 'yesterday' }],
    ['the signature of another body', { signedBody: '{}' }],
    ['the signature of another address', { signedUrl: '/v3/bill/tradebill' }],
    ['no authorization', { headers: { authorization: '' } }],
    ['nothing but a scheme', { headers: { authorization: 'WECHATPAY2-SHA256-RSA2048' } }],
    ['a time stamp that is six minutes old', { timestamp: seconds(Date.now() - 360_000) }],
  ])('with %s is refused without a signature', async (_case, changes) => {
    const reply = await wechatPay.get(CERTIFICATES, changes);
    expect(reply).toMatchObject({ status: 401, body: { code: 'SIGN_ERROR' } });
    expect(signatureHeadersOf(reply)).toEqual([]);
  });

  test.each([
    ['six minutes old', -360, 401],
    ['six minutes ahead', 360, 401],
    ['four minutes old', -240, 200],
    ['four minutes ahead', 240, 200],
  ])('that is %s gets the expected status', async (_case, difference, status) => {
    const timestamp = seconds((await sandbox.now()) + difference * 1000);
    expect((await wechatPay.get(CERTIFICATES, { timestamp })).status).toBe(status);
  });

  test('must be signed with its query and its body', async () => {
    const url = `/v3/pay/transactions/out-trade-no/NOBODYS?mchid=${wechatPay.mchid}`;
    const [signedUrl = ''] = url.split('?');
    expect((await wechatPay.get(url, { signedUrl })).status).toBe(401);
    const request = wechatPay.newOrderRequest();
    const signedBody = JSON.stringify({ ...request, description: 'another' });
    expect((await wechatPay.jsapi(request, { signedBody })).status).toBe(401);
  });

  test.each([
    ['Accept', { accept: '' }],
    ['User-Agent', { 'user-agent': '' }],
  ])('without %s is refused', async (_case, headers) => {
    const reply = await wechatPay.get(CERTIFICATES, { headers });
    expect(reply).toMatchObject({ status: 400, body: { code: 'PARAM_ERROR' } });
    expect(signatureHeadersOf(reply)).toEqual([]);
  });

  test('with a body of another type, no JSON, or too much is refused', async () => {
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    const refused = [400, 'PARAM_ERROR'];
    expect(await wechatPay.errorOf(wechatPay.jsapi(wechatPay.newOrderRequest(), form))).toEqual(
      refused,
    );
    const path = '/v3/pay/transactions/jsapi';
    expect(await wechatPay.errorOf(wechatPay.post(path, '{"appid":'))).toEqual(refused);
    const endless = wechatPay.newOrderRequest({ description: 'x'.repeat(100_000) });
    expect(await wechatPay.errorOf(wechatPay.jsapi(endless))).toEqual(refused);
  });

  test('for an unknown path is a 404', async () => {
    const refused = [404, 'NOT_FOUND'];
    expect(await wechatPay.errorOf(wechatPay.get('/v3/pay/nothing'))).toEqual(refused);
    expect(await wechatPay.errorOf(wechatPay.get('/v3/pay/transactions/jsapi'))).toEqual(refused);
  });
});

describe('an answer', () => {
  test('is signed over its bytes, with the id of the public key, also without content or as an error', async () => {
    const { number } = await wechatPay.createPreparedOrder();
    const replies = [
      await wechatPay.query(number),
      await wechatPay.close(number),
      await wechatPay.close(number),
    ];
    expect(replies.map(({ status }) => status)).toEqual([200, 204, 400]);
    for (const reply of replies) {
      expect(wechatPay.verifiedSerial(reply)).toBe(sandbox.settings.WECHATPAY_PUBLIC_KEY_ID);
      const age = (await sandbox.now()) / 1000 - Number(reply.headers.get('wechatpay-timestamp'));
      expect(Math.abs(age)).toBeLessThan(3);
    }
  });

  test('is signed by the certificate’s key while that is in force', async () => {
    const listed = await wechatPay.get(CERTIFICATES);
    const { data } = listed.body as {
      data: [{ serial_no: string; encrypt_certificate: Resource }];
    };
    const [{ serial_no: serial, encrypt_certificate: encrypted }] = data;
    const certificate = new X509Certificate(decrypt(wechatPay.apiV3Key, encrypted));
    await sandbox.setFaults({ wechatpayCertificate: true });
    const reply = await wechatPay.get(CERTIFICATES);
    const read = (name: string) => reply.headers.get(name) ?? '';
    expect(read('wechatpay-serial')).toBe(serial);
    expect(hasValidSignature(certificate.publicKey, read, reply.text)).toBe(true);
    expect(hasValidSignature(wechatPay.platformKey, read, reply.text)).toBe(false);
  });
});

test('while errors are unsigned, only errors of 400 to 499 are', async () => {
  const { number } = await wechatPay.createPreparedOrder();
  await sandbox.setFaults({ unsignedErrors: true });
  const replies = [
    await wechatPay.query('LKNOBODYS'),
    await wechatPay.jsapi(wechatPay.newOrderRequest({ mchid: '1600000000' })),
    await wechatPay.query(number),
    await wechatPay.close(number),
  ];
  expect(replies.map(({ status }) => status)).toEqual([404, 400, 200, 204]);
  const { WECHATPAY_PUBLIC_KEY_ID: id } = sandbox.settings;
  expect(replies.map((reply) => signatureHeadersOf(reply).length)).toEqual([0, 0, 5, 5]);
  expect(replies.map(wechatPay.verifiedSerial)).toEqual([undefined, undefined, id, id]);
  await sandbox.setFaults({});
  const signed = await wechatPay.query('LKNOBODYS');
  expect([signed.status, wechatPay.verifiedSerial(signed)]).toEqual([404, id]);
});

test('the platform certificate is a valid certificate that matches the list', async () => {
  const { body } = await wechatPay.get(CERTIFICATES);
  const { data } = body as {
    data: [
      {
        serial_no: string;
        effective_time: string;
        expire_time: string;
        encrypt_certificate: Resource;
      },
    ];
  };
  const [listed] = data;
  expect(listed.encrypt_certificate).toMatchObject({
    algorithm: 'AEAD_AES_256_GCM',
    associated_data: 'certificate',
    nonce: expect.stringMatching(/^.{12}$/) as string,
  });
  const certificate = new X509Certificate(decrypt(wechatPay.apiV3Key, listed.encrypt_certificate));
  expect(certificate.serialNumber).toBe(listed.serial_no);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(Date.parse(certificate.validFrom)).toBe(Date.parse(listed.effective_time));
  expect(Date.parse(certificate.validTo)).toBe(Date.parse(listed.expire_time));
  const now = await sandbox.now();
  expect(Date.parse(certificate.validFrom)).toBeLessThan(now);
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(now);
});

test('a certificate cannot be decrypted with another key', async () => {
  const { body } = await wechatPay.get(CERTIFICATES);
  const { data } = body as { data: [{ encrypt_certificate: Resource }] };
  expect(() => decrypt('0'.repeat(32), data[0].encrypt_certificate)).toThrow();
});

describe('when sandbox time was moved', () => {
  const DAY_S = 24 * 3600;

  test('merchants with the moved and with the real clock are both accepted', async () => {
    const before = await sandbox.now();
    await sandbox.advanceClock(DAY_S);
    const [moved, real] = [seconds(await sandbox.now()), seconds(before)];
    for (const timestamp of [moved, real]) {
      const reply = await wechatPay.get(CERTIFICATES, { timestamp });
      expect(reply.status).toBe(200);
      const answered = Number(reply.headers.get('wechatpay-timestamp'));
      expect(Math.abs(answered - Number(timestamp))).toBeLessThan(5);
    }
    const neither = seconds(before + (DAY_S / 2) * 1000);
    expect((await wechatPay.get(CERTIFICATES, { timestamp: neither })).status).toBe(401);
  });
});
