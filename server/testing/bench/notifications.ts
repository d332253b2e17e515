import {
  createCipheriv,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  sign,
} from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { createSandbox } from '../../sandbox/create-sandbox';
import { startServer } from '../../server';

/**
 * The latency of notifications at 200 a second: each is verified, decrypted and committed before it is
 * acknowledged. Requests for /healthz at the same rate alternate with them, so that the ratio does not depend
 * on the load of the machine. Prints the figures; asserts nothing.
 */
const REQUESTS_PER_SECOND = 200;
const SECONDS = 5;
const ROUNDS = 3;

const KEY_ID = 'PUB_KEY_ID_0000000000000000000000000001';

interface Shop {
  appId: string;
  mchId: string;
  apiV3Key: string;
}

function encrypt(text: string, { apiV3Key }: Shop) {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce);
  cipher.setAAD(Buffer.from('transaction'));
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return {
    algorithm: 'AEAD_AES_256_GCM',
    original_type: 'transaction',
    associated_data: 'transaction',
    nonce,
    ciphertext: ciphertext.toString('base64'),
  };
}

/** A signed payment notification; built before the measurement starts. */
function makeNotification(shop: Shop, key: KeyObject, count: number) {
  const content = {
    mchid: shop.mchId,
    appid: shop.appId,
    out_trade_no: `LK20260101${String(count).padStart(16, '0')}`,
    transaction_id: `42000${String(count).padStart(23, '0')}`,
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    success_time: '2026-01-01T12:00:00+08:00',
    payer: { openid: 'oBench0000000000000000000000' },
    amount: { total: 1800, payer_total: 1800, currency: 'CNY', payer_currency: 'CNY' },
  };
  const body = JSON.stringify({
    id: randomUUID(),
    create_time: '2026-01-01T12:00:00+08:00',
    event_type: 'TRANSACTION.SUCCESS',
    resource_type: 'encrypt-resource',
    summary: '支付成功',
    resource: encrypt(JSON.stringify(content), shop),
  });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const nonce = randomBytes(16).toString('hex');
  const signature = sign('sha256', Buffer.from(`${timestamp}\n${nonce}\n${body}\n`), key);
  return {
    method: 'POST' as const,
    path: '/api/v1/notifications/wechatpay',
    headers: {
      'content-type': 'application/json',
      'wechatpay-timestamp': timestamp,
      'wechatpay-nonce': nonce,
      'wechatpay-serial': KEY_ID,
      'wechatpay-signature': signature.toString('base64'),
    },
    body,
  };
}

type Request = ReturnType<typeof makeNotification> | { method: 'GET'; path: string };

/** Sends at a fixed rate (open loop): slow responses do not reduce the load. */
async function sendAtRate(pool: Pool, requests: readonly Request[]): Promise<number[]> {
  const started = performance.now();
  const tasks: Promise<number>[] = [];
  for (const [index, request] of requests.entries()) {
    const dueAt = started + (index * 1000) / REQUESTS_PER_SECOND;
    const wait = dueAt - performance.now();
    if (wait > 1) await sleep(wait);
    tasks.push(exchange(pool, request, Math.max(dueAt, performance.now() - 1)));
  }
  return Promise.all(tasks);
}

async function exchange(pool: Pool, request: Request, since: number): Promise<number> {
  const { statusCode, body } = await pool.request(request);
  await body.dump();
  if (statusCode !== 200) throw new Error(`${request.path} answered ${String(statusCode)}`);
  return performance.now() - since;
}

function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function print(name: string, samples: readonly number[], baseline: readonly number[]): void {
  const format = (share: number) => {
    const own = percentile(samples, share);
    const ratio = own / percentile(baseline, share);
    return `${own.toFixed(1)} ms (${ratio.toFixed(1)} ×)`;
  };
  console.log(`${name.padEnd(24)} p50 ${format(0.5).padEnd(16)} p99 ${format(0.99)}`);
}

export async function benchNotifications(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'liuka-bench-'));
  const sandbox = createSandbox({});
  await sandbox.listen(0);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const settings = sandbox.settings();
  const { WECHAT_APP_ID = '', WECHATPAY_MCH_ID = '', WECHATPAY_API_V3_KEY = '' } = settings;
  const shop = { appId: WECHAT_APP_ID, mchId: WECHATPAY_MCH_ID, apiV3Key: WECHATPAY_API_V3_KEY };
  const bff = await startServer({
    ...settings,
    PORT: '0',
    PAYMENT: 'wechatpay',
    WECHATPAY_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    WECHATPAY_PUBLIC_KEY_ID: KEY_ID,
    DATABASE_URL: `sqlite:${join(folder, 'bench.db')}`,
    LOG_LEVEL: 'silent',
  });
  const pool = new Pool(bff.url, { connections: 32 });
  const health: number[] = [];
  const notified: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const many = Array.from({ length: REQUESTS_PER_SECOND * SECONDS }, (_, index) => index);
    const notifications = many.map((index) =>
      makeNotification(shop, privateKey, round * many.length + index),
    );
    health.push(
      ...(await sendAtRate(
        pool,
        many.map(() => ({ method: 'GET', path: '/healthz' })),
      )),
    );
    notified.push(...(await sendAtRate(pool, notifications)));
  }
  console.log(
    `${String(REQUESTS_PER_SECOND)} requests a second, ${String(ROUNDS * SECONDS)} s each`,
  );
  print('GET /healthz', health, health);
  print('WeChat Pay notification', notified, health);
  await pool.close();
  await bff.close();
  await sandbox.close();
  rmSync(folder, { recursive: true });
}
