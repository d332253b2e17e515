import { gzipSync } from 'node:zlib';
import type { Order } from '@shared/contract';
import type { RawRequest } from '../testing/api-client';
import { expectRejected, type RejectionCase } from '../testing/rejected-notifications';
import { SHINGSOU_PATH } from '../testing/signed-notifications';
import { openShop } from '../testing/shop';

/** Input that 旭宇's notification endpoint refuses before it looks for the order. */

const shop = openShop();
let order: Order | undefined;
beforeEach(async () => {
  order ??= await shop.placeOrder();
});

const unsignedNotification = (
  body: RawRequest['body'] & {},
  headers: Record<string, string> = {},
) => ({
  method: 'POST',
  path: SHINGSOU_PATH,
  headers: { 'content-type': 'application/json', ...headers },
  body,
});
const plain = () => JSON.stringify({ event: 'paid', outTradeNo: order?.number });
const rows: RejectionCase[] = [
  [
    'of 10 MB',
    () => unsignedNotification(`"${'x'.repeat(10 * 1024 * 1024)}"`),
    413,
    'notification.too_large',
  ],
  ['of 0 bytes', () => unsignedNotification(''), 400, 'notification.invalid'],
  [
    'that are compressed',
    () => unsignedNotification(new Uint8Array(gzipSync(plain())), { 'content-encoding': 'gzip' }),
    415,
    'notification.unsupported_media_type',
  ],
  [
    'of another media type',
    () => unsignedNotification(plain(), { 'content-type': 'application/xml' }),
    415,
    'notification.unsupported_media_type',
  ],
  [
    'with a repeated key',
    () =>
      unsignedNotification(`{"event":"paid","outTradeNo":"${order?.number}","event":"refunded"}`),
    400,
    'notification.invalid',
  ],
  [
    'that are truncated',
    () => unsignedNotification(plain().slice(0, -2)),
    400,
    'notification.invalid',
  ],
  [
    'that are not valid UTF-8',
    () => unsignedNotification(new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])),
    400,
    'notification.invalid',
  ],
];
test.each(rows)('%s are refused', async (_, request, status, code) => {
  await expectRejected(shop, request(), status, code);
});
