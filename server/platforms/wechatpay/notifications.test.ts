import type { ParsedNotification, RawNotification } from '../ports';
import {
  API_V3_KEY,
  MCH_ID,
  NOW,
  impostor,
  publicKeySigner,
  encrypt,
  signatureHeaders,
  startScriptedWechatPay,
} from './testing/scripted-wechat-pay';
import type { ScriptedWechatPay, Signer } from './testing/scripted-wechat-pay';
import * as samples from './testing/samples';

const { ORDER_NUMBER, TRANSACTION_ID, paidTrade, refundNotification: refundNotice } = samples;
const ID = 'EV-2018022511223320873';
const MINUTE_MS = 60_000;

let wechat: ScriptedWechatPay;
beforeAll(async () => {
  wechat = await startScriptedWechatPay();
});
afterAll(() => wechat.close());
beforeEach(() => {
  wechat.now = NOW;
});

type Form = Record<string, unknown> & { resource: Record<string, unknown> };

function envelope(
  content: unknown,
  event = 'TRANSACTION.SUCCESS',
  originalType = 'transaction',
): Form {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return {
    id: ID,
    create_time: '2026-03-01T12:00:00+08:00',
    resource_type: 'encrypt-resource',
    event_type: event,
    summary: '支付成功',
    resource: { original_type: originalType, ...encrypt(text, originalType) },
  };
}

function signedNotification(
  body: unknown,
  by: Signer = publicKeySigner,
  at = NOW,
): RawNotification {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { headers: signatureHeaders(by, text, at), body: Buffer.from(text) };
}

const read = (notification: RawNotification) => wechat.pay.payments.readNotification(notification);

async function reasonOf(notification: RawNotification): Promise<string> {
  const reading: ParsedNotification = await read(notification);
  return reading.outcome === 'refused' ? reading.reason : 'taken';
}

describe('a notification is accepted', () => {
  it('if it reports a payment', async () => {
    expect(await read(signedNotification(envelope(paidTrade)))).toEqual({
      outcome: 'taken',
      notification: {
        id: ID,
        kind: 'payment',
        orderNumber: ORDER_NUMBER,
        transactionId: TRANSACTION_ID,
        signed: true,
      },
    });
  });

  it.each(['SUCCESS', 'ABNORMAL', 'CLOSED'])(
    'if it reports a refund with status %s',
    async (status) => {
      const content = { ...refundNotice, refund_status: status };
      expect(
        await read(signedNotification(envelope(content, `REFUND.${status}`, 'refund'))),
      ).toEqual({
        outcome: 'taken',
        notification: {
          id: ID,
          kind: 'refund',
          orderNumber: ORDER_NUMBER,
          transactionId: TRANSACTION_ID,
          refundNumber: refundNotice.out_refund_no,
          signed: true,
        },
      });
    },
  );

  it('with unknown fields, and without associated data', async () => {
    const encrypted = { original_type: 'transaction', ...encrypt(JSON.stringify(paidTrade), '') };
    const { associated_data: _, ...resource } = encrypted;
    expect(
      await reasonOf(signedNotification({ ...envelope(paidTrade), resource, newer: [1] })),
    ).toBe('taken');
  });

  it('less than five minutes before or after its timestamp', async () => {
    const notification = signedNotification(envelope(paidTrade));
    for (const minutes of [-5, 5]) {
      wechat.now = NOW + minutes * MINUTE_MS - Math.sign(minutes);
      expect(await reasonOf(notification)).toBe('taken');
    }
  });
});

describe('a notification is refused as stale', () => {
  it.each([-24 * 60, -5, 5, 24 * 60])('if our clock is off by %i minutes', async (minutes) => {
    const notification = signedNotification(envelope(paidTrade));
    wechat.now = NOW + minutes * MINUTE_MS;
    expect(await reasonOf(notification)).toBe('notification.stale');
  });
});

describe('a notification is refused for its signature', () => {
  const good = () => signedNotification(envelope(paidTrade));

  it.each(['wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-serial', 'wechatpay-signature'])(
    'if %s is missing or empty',
    async (name) => {
      for (const value of [undefined, '']) {
        const { headers, body } = good();
        const notification = { headers: { ...headers, [name]: value }, body };
        expect(await reasonOf(notification)).toBe('notification.signature_invalid');
      }
    },
  );

  it.each([
    ['wechatpay-timestamp', 'now'],
    ['wechatpay-timestamp', '-1772337600'],
    ['wechatpay-timestamp', '1772337600.5'],
    ['wechatpay-nonce', 'n'.repeat(129)],
    ['wechatpay-nonce', 'another nonce'],
    ['wechatpay-signature', 'not base64'],
    ['wechatpay-signature', 'AAAA'],
    ['wechatpay-signature-type', 'WECHATPAY2-SM2-WITH-SM3'],
  ])('if %s is %s', async (name, value) => {
    const { headers, body } = good();
    const notification = { headers: { ...headers, [name]: value }, body };
    expect(await reasonOf(notification)).toBe('notification.signature_invalid');
  });

  it('if it is a signature probe of WeChat Pay', async () => {
    const { headers, body } = good();
    const probe = `WECHATPAY/SIGNTEST/${headers['wechatpay-signature'] ?? ''}`;
    const notification = { headers: { ...headers, 'wechatpay-signature': probe }, body };
    expect(await reasonOf(notification)).toBe('notification.signature_invalid');
  });

  it('if it is signed by another key under a known serial', async () => {
    expect(await reasonOf(signedNotification(envelope(paidTrade), impostor))).toBe(
      'notification.signature_invalid',
    );
  });

  it('if one byte of the body differs, even in equivalent JSON', async () => {
    const { headers, body } = good();
    const changed = Buffer.from(body);
    changed.writeUInt8(changed.readUInt8(20) ^ 1, 20);
    const rewritten = Buffer.from(JSON.stringify(JSON.parse(body.toString()), undefined, 1));
    const withMark = Buffer.concat([Buffer.from('\uFEFF'), body]);
    for (const other of [changed, rewritten, withMark, Buffer.alloc(0)]) {
      const reason = await reasonOf({ headers, body: other });
      expect(reason).toBe('notification.signature_invalid');
    }
  });

  it('if its bytes are not UTF-8, even if they decode to the signed text', async () => {
    const text = JSON.stringify({ ...envelope(paidTrade), summary: '\uFFFD' });
    const bytes = Buffer.from(text.replace('\uFFFD', '§'), 'latin1');
    expect(new TextDecoder().decode(bytes)).toBe(text);
    const reason = await reasonOf({
      headers: signatureHeaders(publicKeySigner, text),
      body: bytes,
    });
    expect(reason).toBe('notification.signature_invalid');
  });

  it('if its serial is unknown', async () => {
    for (const serial of ['PUB_KEY_ID_2', '4D0B7E0B2C']) {
      const notification = signedNotification(envelope(paidTrade), { serial, key: impostor.key });
      expect(await reasonOf(notification)).toBe('notification.serial_unknown');
    }
  });
});

describe('a notification is refused as invalid', () => {
  const completeEnvelope = envelope(paidTrade);
  const text = JSON.stringify(completeEnvelope);

  it.each([
    ['nothing', ''],
    ['invalid JSON', '{"id":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['text', '"TRANSACTION.SUCCESS"'],
    ['a duplicate id', text.replace('{', `{"id":"EV-0",`)],
    ['a duplicate nonce', text.replace('"nonce"', '"nonce":"000000000000","nonce"')],
    ['a duplicate field with an escaped name', text.replace('{', String.raw`{"\u0069d":"EV-0",`)],
    ['no id', { ...completeEnvelope, id: undefined }],
    ['an id with a line break', { ...completeEnvelope, id: 'EV\n1' }],
    ['an id that is too long', { ...completeEnvelope, id: 'E'.repeat(65) }],
    ['a resource that is not encrypted', { ...completeEnvelope, resource_type: 'plain-resource' }],
    ['no resource', { ...completeEnvelope, resource: undefined }],
    [
      'a resource without a ciphertext',
      { ...completeEnvelope, resource: { ...completeEnvelope.resource, ciphertext: 7 } },
    ],
    [
      'a short nonce',
      { ...completeEnvelope, resource: { ...completeEnvelope.resource, nonce: '0'.repeat(11) } },
    ],
    [
      'a long nonce',
      { ...completeEnvelope, resource: { ...completeEnvelope.resource, nonce: '0'.repeat(16) } },
    ],
    ['no nonce', { ...completeEnvelope, resource: { ...completeEnvelope.resource, nonce: '' } }],
    ['an unknown event', envelope(paidTrade, 'TRANSACTION.FAIL')],
    ['a payment under a refund event', envelope(paidTrade, 'REFUND.SUCCESS', 'refund')],
    ['a refund under a payment event', envelope(refundNotice)],
    [
      'an event that contradicts its resource type',
      envelope(paidTrade, 'TRANSACTION.SUCCESS', 'refund'),
    ],
    ['content that is not an object', envelope('SUCCESS')],
    ['content that is a list', envelope([paidTrade])],
    [
      'a duplicate amount',
      envelope(JSON.stringify(paidTrade).replace('"total"', '"total":1,"total"')),
    ],
    ['an unpaid trade', envelope({ ...paidTrade, trade_state: 'NOTPAY' })],
    ['no merchant', envelope({ ...paidTrade, mchid: undefined })],
    ['no order', envelope({ ...paidTrade, out_trade_no: '' })],
    ['no transaction', envelope({ ...paidTrade, transaction_id: undefined })],
  ])('if it has %s', async (_name, body) => {
    expect(await reasonOf(signedNotification(body))).toBe('notification.invalid');
  });

  it.each([
    [{ total: 0 }],
    [{ total: -1800 }],
    [{ total: 17.5 }],
    [{ total: 2 ** 53 }],
    [{ total: 1e300 }],
    [{ total: '1800' }],
    [{ total: null }],
    [{ currency: 'USD' }],
    [{ currency: undefined }],
  ])('if the amount is %j', async (change) => {
    const amount = { ...paidTrade.amount, ...change };
    expect(await reasonOf(signedNotification(envelope({ ...paidTrade, amount })))).toBe(
      'notification.invalid',
    );
  });

  it.each([
    [{ refund: 0 }],
    [{ refund: 1801 }],
    [{ refund: -1 }],
    [{ refund: 0.1 }],
    [{ total: 2 ** 53 }],
    [{ currency: 'USD' }],
  ])('if the amount of a refund is %j', async (change) => {
    const amount = { ...refundNotice.amount, ...change };
    const body = envelope({ ...refundNotice, amount }, 'REFUND.SUCCESS', 'refund');
    expect(await reasonOf(signedNotification(body))).toBe('notification.invalid');
  });

  it('if the refund’s state contradicts the event', async () => {
    const body = envelope(refundNotice, 'REFUND.CLOSED', 'refund');
    expect(await reasonOf(signedNotification(body))).toBe('notification.invalid');
  });
});

describe('a notification is refused for its encryption', () => {
  it.each(['AES-256-CBC', 'aead_aes_256_gcm', ''])('with the algorithm %p', async (algorithm) => {
    const completeEnvelope = envelope(paidTrade);
    const body = { ...completeEnvelope, resource: { ...completeEnvelope.resource, algorithm } };
    expect(await reasonOf(signedNotification(body))).toBe('notification.algorithm_unsupported');
  });

  const completeEnvelope = envelope(paidTrade);
  const { ciphertext } = completeEnvelope.resource as { ciphertext: string };
  const bytes = Buffer.from(ciphertext, 'base64');

  it.each([
    ['another key', encrypt('{}', 'transaction', API_V3_KEY.toUpperCase())],
    ['another nonce', { nonce: '000000000000' }],
    ['other associated data', { associated_data: 'refund' }],
    [
      'a modified byte',
      { ciphertext: `${ciphertext.startsWith('A') ? 'B' : 'A'}${ciphertext.slice(1)}` },
    ],
    ['a truncated ciphertext', { ciphertext: bytes.subarray(0, -4).toString('base64') }],
    ['only an authentication tag', { ciphertext: bytes.subarray(-16).toString('base64') }],
    [
      'only a quarter of an authentication tag',
      { ciphertext: bytes.subarray(-4).toString('base64') },
    ],
    ['an empty ciphertext', { ciphertext: '' }],
    ['characters outside base64', { ciphertext: `${ciphertext.slice(0, -4)}!!!!` }],
  ])('with %s', async (_name, change) => {
    const body = { ...completeEnvelope, resource: { ...completeEnvelope.resource, ...change } };
    expect(await reasonOf(signedNotification(body))).toBe('notification.undecipherable');
  });
});

describe('a notification is refused as foreign', () => {
  it.each([
    ['merchant', envelope({ ...paidTrade, mchid: '1900000002' })],
    ['mini-program', envelope({ ...paidTrade, appid: 'wxffffffffffffffff' })],
    [
      'merchant’s refund',
      envelope({ ...refundNotice, mchid: `${MCH_ID}0` }, 'REFUND.SUCCESS', 'refund'),
    ],
  ])('if it is for another %s', async (_name, body) => {
    expect(await reasonOf(signedNotification(body))).toBe('notification.foreign');
  });
});

it('a refusal does not repeat the content of the notification', async () => {
  const secrets = [ORDER_NUMBER, TRANSACTION_ID, samples.OPENID, API_V3_KEY];
  const bodies = [
    envelope({ ...paidTrade, mchid: '1' }),
    envelope({ ...paidTrade, amount: {} }),
    envelope('x'),
  ];
  for (const body of bodies) {
    const reading = JSON.stringify(await read(signedNotification(body)));
    for (const secret of secrets) expect(reading).not.toContain(secret);
  }
});
