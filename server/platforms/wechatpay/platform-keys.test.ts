import {
  certificateList,
  dropConnection,
  impostor,
  newCertificate,
  publicKeySigner,
  encrypt,
  signatureHeaders,
  startScriptedWechatPay,
} from './testing/scripted-wechat-pay';
import type { ScriptedWechatPay } from './testing/scripted-wechat-pay';
import { CERTIFICATES, ORDER_NUMBER, QUERY, unpaidTrade } from './testing/samples';

const older = newCertificate('3F6A0D4C1B');
const newer = newCertificate('5A7E2C9D1F');
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const YEAR_MS = 365 * 24 * HOUR_MS;

let wechat: ScriptedWechatPay;
async function start(options?: { publicKey: boolean }): Promise<void> {
  wechat = await startScriptedWechatPay(options);
  wechat.handlers[`GET ${QUERY}`] = (request, response) => {
    wechat.respond(200, unpaidTrade)(request, response);
  };
}
afterEach(() => wechat.close());

const query = () => wechat.pay.payments.queryPayment(ORDER_NUMBER);
const downloads = () => wechat.timesCalled(CERTIFICATES);
const serveCertificates = (...certificates: (typeof older)[]) => {
  wechat.handlers[`GET ${CERTIFICATES}`] = wechat.respond(200, certificateList(...certificates));
};

describe('with platform certificates only', () => {
  beforeEach(() => start({ publicKey: false }));

  it('the first list is trusted because of its encryption and signature, and is downloaded once', async () => {
    serveCertificates(older);
    wechat.signer = older;
    expect(await Promise.all([query(), query(), query()])).toEqual(
      Array(3).fill({ state: 'unpaid' }),
    );
    expect(await query()).toEqual({ state: 'unpaid' });
    expect(downloads()).toBe(1);
  });

  it('an answer whose serial is in lower case is verified too', async () => {
    serveCertificates(older);
    wechat.signer = { ...older, serial: older.serial.toLowerCase() };
    expect(await query()).toEqual({ state: 'unpaid' });
  });

  it('a newer certificate is downloaded when it first signs an answer, and the older stays valid', async () => {
    serveCertificates(older);
    wechat.signer = older;
    await query();
    wechat.now += MINUTE_MS;
    serveCertificates(older, newer);
    wechat.signer = newer;
    expect(await query()).toEqual({ state: 'unpaid' });
    wechat.signer = older;
    expect(await query()).toEqual({ state: 'unpaid' });
    expect(downloads()).toBe(2);
  });

  it('unknown serials cause at most one download a minute', async () => {
    serveCertificates(older);
    wechat.signer = older;
    await query();
    const sendNotification = (serial: string) => {
      const headers = signatureHeaders({ serial, key: impostor.key }, '{}', wechat.now);
      return wechat.pay.payments.readNotification({ headers, body: Buffer.from('{}') });
    };
    const serials = Array.from({ length: 50 }, (_, index) => `4D0B7E${String(index + 10)}`);
    for (const serial of serials) {
      expect(await sendNotification(serial)).toMatchObject({
        reason: 'notification.serial_unknown',
      });
    }
    expect(downloads()).toBe(1);
    wechat.now += MINUTE_MS;
    await Promise.all(serials.map(sendNotification));
    expect(downloads()).toBe(2);
  });

  it('certificates are refreshed in the background after 12 hours', async () => {
    serveCertificates(older);
    wechat.signer = older;
    await query();
    wechat.now += 12 * HOUR_MS;
    wechat.handlers[`GET ${CERTIFICATES}`] = dropConnection;
    expect(await query()).toEqual({ state: 'unpaid' });
    expect(await query()).toEqual({ state: 'unpaid' });
    expect(downloads()).toBeGreaterThan(1);
  });

  it('an expired certificate is not accepted', async () => {
    serveCertificates(older);
    wechat.signer = older;
    await query();
    wechat.now += YEAR_MS;
    await expect(query()).rejects.toThrow('unknown serial');
  });

  it.each([
    ['is not signed', () => certificateList(older), undefined],
    ['is signed with a foreign key', () => certificateList(older), { ...older, key: impostor.key }],
    [
      'has a serial that differs from the certificate’s',
      () => renamed(),
      { ...older, serial: 'AB12CD34' },
    ],
    [
      'cannot be decrypted',
      () => certificateList(older).replace(/"nonce":"./, '"nonce":"z'),
      older,
    ],
    ['contains an invalid certificate', () => encryptedList('-----BEGIN CERTIFICATE-----'), older],
    ['is not a list', () => '{"data":7}', older],
  ])('a list that %s is rejected', async (_name, list, signer) => {
    wechat.signer = signer ?? older;
    const text = list();
    wechat.handlers[`GET ${CERTIFICATES}`] = (request, response) => {
      if (signer === undefined) response.end(text);
      else wechat.respond(200, text)(request, response);
    };
    await expect(query()).rejects.toThrow('unknown serial');
    expect(downloads()).toBe(1);
  });

  function renamed(): string {
    return certificateList({ ...older, serial: 'AB12CD34' });
  }

  function encryptedList(pem: string): string {
    const encrypt_certificate = encrypt(pem, 'certificate');
    return JSON.stringify({ data: [{ serial_no: older.serial, encrypt_certificate }] });
  }

  it('after a failed download nothing is trusted, and the next attempt is a minute later', async () => {
    wechat.handlers[`GET ${CERTIFICATES}`] = dropConnection;
    wechat.signer = older;
    await expect(query()).rejects.toThrow('unknown serial');
    serveCertificates(older);
    await expect(query()).rejects.toThrow('unknown serial');
    wechat.now += MINUTE_MS;
    expect(await query()).toEqual({ state: 'unpaid' });
  });
});

describe('with the WeChat Pay public key', () => {
  beforeEach(() => start());

  it('requests ask for answers signed with it, and no certificate is downloaded', async () => {
    expect(await query()).toEqual({ state: 'unpaid' });
    expect(wechat.requests[0]?.headers['wechatpay-serial']).toBe(publicKeySigner.serial);
    expect(downloads()).toBe(0);
  });

  it('certificates are accepted too, while WeChat Pay migrates the merchant', async () => {
    serveCertificates(older);
    for (const signer of [publicKeySigner, older, publicKeySigner, older]) {
      wechat.signer = signer;
      expect(await query()).toEqual({ state: 'unpaid' });
    }
    expect(downloads()).toBe(1);
  });

  it('an unknown public key id does not cause a download of certificates', async () => {
    wechat.signer = { ...publicKeySigner, serial: 'PUB_KEY_ID_9' };
    await expect(query()).rejects.toThrow('unknown serial');
    expect(downloads()).toBe(0);
  });
});
