import { once } from 'node:events';
import { type IncomingMessage, request as open } from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { Order } from '@shared/contract';
import { impostor, signatureHeaders } from '../platforms/wechatpay/testing/scripted-wechat-pay';
import type { RawRequest } from '../testing/api-client';
import { type Customer, eventually } from '../testing/harness';
import {
  expectRejected,
  readStoreState,
  type RejectionCase,
} from '../testing/rejected-notifications';
import { storedOrder } from '../testing/shopping';
import {
  createNotificationSigner,
  notificationBody,
  paymentContent,
  signedNotification,
  WECHATPAY_PATH,
} from '../testing/signed-notifications';
import { payPaths } from '../testing/platform-proxy';
import { openShop } from '../testing/shop';

/** Input to the receiver of notifications: each fault gets one stable error code and changes nothing. */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const { signer, env } = createNotificationSigner();
const shop = openShop({ channel: 'wechatpay', env });
let order: Order;
let owner: Customer | undefined;
beforeEach(async () => {
  // The test signs notifications with its own key, whose certificate the simulator serves as WeChat Pay's.
  await shop.stack.sandbox.faults({ wechatpayCertificate: true });
  if (owner) return;
  owner = shop.customer;
  order = await shop.placeOrder();
});

const content = () => paymentContent(shop.stack, order);
const paid = (change: object = {}) =>
  notificationBody(shop.stack, JSON.stringify({ ...content(), ...change }));
const amount = (total: string) =>
  notificationBody(
    shop.stack,
    JSON.stringify(content()).replace(`"total":${order.amountFen}`, `"total":${total}`),
  );

function send(body: string, headers: Record<string, string> = {}, by = signer) {
  return signedNotification(shop.stack, by, body, headers);
}

const without = (name: string): RawRequest => {
  const request = send(paid());
  const headers = Object.entries(request.headers).filter(([each]) => each !== name);
  return { ...request, headers: Object.fromEntries(headers) };
};

describe('WeChat Pay’s notifications', () => {
  test('are accepted in this form, so that the refusals below prove something, and are only a reason to query', async () => {
    const taken = await shop.countNotifications('taken');
    const answer = await shop.stack.anyone.raw(send(paid()));
    expect([answer.status, answer.body]).toEqual([200, { code: 'SUCCESS', message: '成功' }]);
    expect(await shop.countNotifications('taken')).toBe(taken + 1);
    await eventually(
      'the order is queried',
      () => shop.stack.rows('select id from notifications where handled_at is not null').length > 0,
    );
    expect(await storedOrder(owner!, order.id)).toMatchObject({
      state: 'awaitingPayment',
      paidAt: null,
    });
  });

  const rows: RejectionCase[] = [
    ['of 10 MB', () => send('x'.repeat(10 * 1024 * 1024)), 413, 'notification.too_large'],
    ['of 0 bytes', () => send(''), 400, 'notification.invalid'],
    [
      'that are compressed',
      () => ({
        ...send(paid(), { 'content-encoding': 'gzip' }),
        body: new Uint8Array(gzipSync(paid())),
      }),
      415,
      'notification.unsupported_media_type',
    ],
    ...['text/plain', 'application/xml', 'application/x-www-form-urlencoded'].map(
      (type): RejectionCase => [
        `of type ${type}`,
        () => send(paid(), { 'content-type': type }),
        415,
        'notification.unsupported_media_type',
      ],
    ),
    [
      'with a repeated key',
      () => send(paid().replace('{"id":', '{"id":"EV-another","id":')),
      400,
      'notification.invalid',
    ],
    [
      'with a repeated key in the encrypted resource',
      () =>
        send(
          notificationBody(
            shop.stack,
            `{"mchid":"1900000001",${JSON.stringify(content()).slice(1)}`,
          ),
        ),
      400,
      'notification.invalid',
    ],
    ['that are truncated', () => send(paid().slice(0, -40)), 400, 'notification.invalid'],
    ['that are an array', () => send(`[${paid()}]`), 400, 'notification.invalid'],
    [
      'of an unknown event type',
      () =>
        send(
          notificationBody(shop.stack, JSON.stringify(content()), {
            event_type: 'TRANSACTION.GIFT',
          }),
        ),
      400,
      'notification.invalid',
    ],
    [
      'encrypted with another algorithm',
      () =>
        send(
          notificationBody(shop.stack, JSON.stringify(content()), {
            resource: { algorithm: 'AEAD_AES_128_CCM' },
          }),
        ),
      400,
      'notification.algorithm_unsupported',
    ],
    ...['short', 'a nonce of sixteen'].map((nonce): RejectionCase => [
      `with a nonce of ${nonce.length} bytes`,
      () => send(notificationBody(shop.stack, JSON.stringify(content()), { resource: { nonce } })),
      400,
      'notification.invalid',
    ]),
    [
      'encrypted with another key',
      () =>
        send(
          notificationBody(shop.stack, JSON.stringify(content()), {
            resource: { associated_data: 'another' },
          }),
        ),
      400,
      'notification.undecipherable',
    ],
    ...['-1800', '0', '0.5', '9007199254740993', '1e400', '"1800"', 'null'].map(
      (total): RejectionCase => [
        `with ${total} as amount`,
        () => send(amount(total)),
        400,
        'notification.invalid',
      ],
    ),
    [
      'with an amount in another currency',
      () => send(paid({ amount: { total: order.amountFen, currency: 'USD' } })),
      400,
      'notification.invalid',
    ],
    [
      'without a successful payment',
      () => send(paid({ trade_state: 'NOTPAY' })),
      400,
      'notification.invalid',
    ],
    [
      'with an order number that is too long',
      () => send(paid({ out_trade_no: 'L'.repeat(33) })),
      400,
      'notification.invalid',
    ],
    [
      'for another merchant',
      () => send(paid({ mchid: '1900000099' })),
      403,
      'notification.foreign',
    ],
    [
      'for another mini-program',
      () => send(paid({ appid: 'wxffffffffffffffff' })),
      403,
      'notification.foreign',
    ],
    ...[-DAY, DAY, -6 * MINUTE, 6 * MINUTE].map((ms): RejectionCase => [
      `signed ${ms / 1_000} seconds from now`,
      () => {
        const body = paid();
        return send(body, signatureHeaders(signer, body, shop.stack.now() + ms));
      },
      401,
      'notification.stale',
    ]),
    ...['wechatpay-timestamp', 'wechatpay-nonce', 'wechatpay-signature', 'wechatpay-serial'].map(
      (name): RejectionCase => [
        `without ${name}`,
        () => without(name),
        401,
        'notification.signature_invalid',
      ],
    ),
    [
      'signed over another body',
      () => ({ ...send(paid()), body: paid({ attach: 'another' }) }),
      401,
      'notification.signature_invalid',
    ],
    [
      'truncated after they were signed',
      () => {
        const request = send(paid());
        return { ...request, body: String(request.body).slice(0, -1) };
      },
      401,
      'notification.signature_invalid',
    ],
    [
      'signed with another key under a known serial number',
      () => send(paid(), {}, { ...impostor, serial: signer.serial }),
      401,
      'notification.signature_invalid',
    ],
    [
      'signed with another algorithm',
      () => send(paid(), { 'wechatpay-signature-type': 'WECHATPAY2-SM2-WITH-SM3' }),
      401,
      'notification.signature_invalid',
    ],
    [
      'that are not valid UTF-8',
      () => ({ ...send(paid()), body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) }),
      401,
      'notification.signature_invalid',
    ],
    [
      'with an unknown serial number',
      () => send(paid(), {}, { ...signer, serial: '0123456789ABCDEF' }),
      401,
      'notification.serial_unknown',
    ],
  ];
  test.each(rows)('%s are refused', async (_, request, status, code) => {
    await expectRejected(shop, request(), status, code);
  });

  test('that are replayed are processed once, and refused once they are old', async () => {
    const body = notificationBody(shop.stack, JSON.stringify(content()), { id: 'EV-replayed' });
    const request = send(body);
    expect((await shop.stack.anyone.raw(request)).status).toBe(200);
    const repeated = await shop.countNotifications('repeated');
    expect((await shop.stack.anyone.raw(request)).status).toBe(200);
    expect(await shop.countNotifications('repeated')).toBe(repeated + 1);
    const kept = shop.stack.rows(
      "select deliveries from notifications where external_id = 'EV-replayed'",
    );
    expect(kept).toEqual([{ deliveries: 2 }]);
    await shop.stack.advanceClock(5 * MINUTE + 1_000);
    const answer = await shop.stack.anyone.raw(request);
    expect(answer).toMatchObject({ status: 401, body: { code: 'notification.stale' } });
  });

  test('with a repeated header are refused', async () => {
    const before = readStoreState(shop.stack);
    const { headers, body } = send(paid());
    const { host } = new URL(shop.stack.origin());
    const twice = ['host', host, 'wechatpay-nonce', 'another'];
    const lines = [...Object.entries(headers).flat(), ...twice];
    const call = open(`${shop.stack.origin()}${WECHATPAY_PATH}`, {
      method: 'POST',
      headers: lines,
    });
    call.end(body);
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    expect([answer.statusCode, JSON.parse(await text(answer))]).toEqual([
      401,
      expect.objectContaining({ code: 'notification.signature_invalid' }),
    ]);
    expect(readStoreState(shop.stack)).toEqual(before);
  });

  // Last, because WeChat Pay counts as unavailable for a while after it.
  test('with an unknown serial number are refused while certificates cannot be downloaded, which is tried rarely', async () => {
    await shop.stack.advanceClock(2 * MINUTE);
    await shop.stack.sandbox.faults({ wechatpayDown: true });
    shop.stack.platformProxy.clearCalls();
    const unknown = { ...signer, serial: 'FEDCBA9876543210' };
    for (let count = 0; count < 5; count += 1) {
      await expectRejected(shop, send(paid(), {}, unknown), 401, 'notification.serial_unknown');
    }
    // One download, with the retries of its call.
    expect(shop.stack.platformProxy.count(payPaths.certificates)).toBeLessThanOrEqual(3);
  });
});
