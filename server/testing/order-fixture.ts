import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Order, PaymentParameters } from '@shared/contract';
import { pino } from 'pino';
import type { UserAuth } from '../contract/caller';
import { startWorker } from '../jobs/worker';
import type { AlertKind } from '../alerts/alert-queries';
import type { RawNotification } from '../platforms/ports';
import { ApiError } from '../lib/api-error';
import { checkLedger } from '../reconciliation/ledger-check';
import { createServices } from '../services';
import { migrate } from '../store/migrate';
import { openSqlite } from '../store/sqlite';
import type { Store } from '../store/store';
import { startWebhookReceiver } from './webhook-receiver';
import { connectToSandbox, type SandboxPlatforms, type TestChannel } from './sandbox-platforms';

async function startBff(
  platforms: SandboxPlatforms,
  { file, channel, notifyUrl }: { file: string; channel: TestChannel; notifyUrl: string },
) {
  const { now } = platforms;
  const store = openSqlite(file);
  await migrate(store);
  const log = pino({ level: 'silent' });
  const { close, ...platform } = connectToSandbox(platforms, channel, notifyUrl);
  const services = createServices({
    store,
    clock: now,
    log,
    ...platform,
  });
  const worker = startWorker({
    store,
    clock: now,
    log,
    handlers: services.jobs,
    pollMs: POLL_MS,
  });
  return {
    store,
    services,
    stop: async () => {
      await worker.stop();
      await close();
      await services.backgroundSettled();
      await store.destroy();
    },
  };
}

/** A customer with a card, the real services and worker, and the real adapters on the sandbox. */
export interface OrderFixture {
  cardId: string;
  /** Packages that can start now or next month, with their prices. */
  catalogue: { id: string; priceFen: number }[];
  placeOrder(
    purchase: { packageId: string; effective: 'now' | 'nextMonth' },
    key: string,
  ): Promise<Order>;
  requestPayment(orderId: string): Promise<PaymentParameters>;
  cancelOrder(orderId: string): Promise<Order>;
  readOrder(orderId: string): Promise<Order>;
  listOrders(): Promise<Order[]>;
  /** Sends an unsigned notification, or on a channel that signs, repeats the last one. */
  sendNotification(orderNumber: string, event: string): Promise<void>;
  restart(): Promise<void>;
  /** Orders in a non-final state without a job. */
  findStrandedOrders(): Promise<string[]>;
  /** Kinds of the open alerts. */
  alerts(): Promise<AlertKind[]>;
  /** When the next job is due, epoch ms. */
  nextDue(): Promise<number | undefined>;
  /** The findings of the ledger's integrity check. */
  findIntegrityFaults(): Promise<string[]>;
  /** Waits until the worker has run every due job. */
  waitUntilIdle(): Promise<void>;
  close(): Promise<void>;
}

/** A repeated notification may be refused as too old. */
function ignoreApiError(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}

const POLL_MS = 4;
const IDLE_TIMEOUT_MS = 12_000;

async function isBusy(store: Store, now: number): Promise<boolean> {
  const busy = await store
    .selectFrom('jobs')
    .select('id')
    .where((eb) => eb.or([eb('run_at', '<=', now), eb('lease_token', 'is not', null)]))
    .executeTakeFirst();
  return busy !== undefined;
}

const base = { requestId: 'model', language: 'en', token: '', ip: '127.0.0.1' } as const;
const none = { params: undefined, query: undefined, headers: undefined, body: undefined };

export async function createOrderFixture(
  platforms: SandboxPlatforms,
  person: string,
  channel: TestChannel = 'shingsou',
): Promise<OrderFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'liuka-model-'));
  let lastNotification: RawNotification | undefined;
  const webhookReceiver = await startWebhookReceiver((raw) => {
    lastNotification = raw;
    return bff.services.notifications.receive(channel, raw);
  });
  const site = { file: join(folder, 'liuka.db'), channel, notifyUrl: webhookReceiver.url };
  let bff = await startBff(platforms, site);
  const handlers = () => bff.services.handlers;

  async function signIn(): Promise<UserAuth> {
    const code = await platforms.controls.loginCode(person);
    const input = { ...base, ...none, auth: undefined, body: { code } };
    const { body } = await handlers()['POST /sessions'](input);
    const auth = await bff.services.authenticators.user(body.token);
    assert.ok(auth, 'the session has no user');
    return auth;
  }

  const auth = await signIn();
  const userRequest = { ...base, ...none, auth };

  async function findCard(): Promise<string> {
    const cards = await platforms.controls.cards();
    const healthy = cards.filter((card) => card.carrier === 'telecom' && card.carrierCode === '1');
    const card = healthy[0];
    assert.ok(card, 'the sandbox has no healthy card');
    const query = { number: card.iccid };
    const { body } = await handlers()['GET /cards']({ ...userRequest, query });
    assert.ok(body.items[0], 'the card is not found');
    return body.items[0].id;
  }

  const cardId = await findCard();
  const { body: packageList } = await handlers()['GET /cards/:cardId/packages']({
    ...userRequest,
    params: { cardId },
  });
  const catalogue = packageList.categories
    .flatMap(({ packages }) => packages)
    .filter(({ kind }) => kind === 'basic')
    .map(({ id, priceFen }) => ({ id, priceFen }));

  return {
    cardId,
    catalogue,
    placeOrder: async (purchase, key) => {
      const headers = { 'idempotency-key': key };
      const body = { cardId, ...purchase };
      return (await handlers()['POST /orders']({ ...userRequest, headers, body })).body;
    },
    requestPayment: async (orderId) => {
      const params = { orderId };
      const { body } = await handlers()['POST /orders/:orderId/payment']({
        ...userRequest,
        params,
      });
      return body.payment;
    },
    cancelOrder: async (orderId) => {
      const params = { orderId };
      return (await handlers()['POST /orders/:orderId/cancel']({ ...userRequest, params })).body;
    },
    readOrder: async (orderId) => {
      const params = { orderId };
      return (await handlers()['GET /orders/:orderId']({ ...userRequest, params })).body;
    },
    listOrders: async () => {
      const query = { limit: 100 };
      const { body } = await handlers()['GET /orders']({ ...userRequest, query });
      return body.items;
    },
    sendNotification: async (outTradeNo, event) => {
      const body = Buffer.from(JSON.stringify({ event, outTradeNo }));
      const raw = channel === 'shingsou' ? { headers: {}, body } : lastNotification;
      if (raw) await bff.services.notifications.receive(channel, raw).catch(ignoreApiError);
    },
    restart: async () => {
      await bff.stop();
      bff = await startBff(platforms, site);
    },
    findStrandedOrders: async () => {
      const rows = await bff.store
        .selectFrom('orders')
        .leftJoin('jobs', 'jobs.subject_id', 'orders.id')
        .select(['orders.number', 'orders.state'])
        .where('jobs.id', 'is', null)
        .where('orders.state', 'not in', ['delivered', 'closed', 'refunded'])
        .execute();
      return rows.map(({ number, state }) => `${number} ${state}`);
    },
    alerts: async () => {
      const query = bff.store.selectFrom('alerts').select('kind').where('open_key', 'is not', null);
      // Written by `raiseAlert` only.
      return (await query.execute()).map(({ kind }) => kind as AlertKind);
    },
    nextDue: async () => {
      const query = bff.store.selectFrom('jobs').select('run_at').orderBy('run_at').limit(1);
      return (await query.executeTakeFirst())?.run_at;
    },
    findIntegrityFaults: async () =>
      (await checkLedger(bff.store)).map((fault) => JSON.stringify(fault)),
    waitUntilIdle: async () => {
      const deadline = Date.now() + IDLE_TIMEOUT_MS;
      while (await isBusy(bff.store, platforms.now())) {
        assert.ok(Date.now() < deadline, 'the worker does not finish');
        await sleep(POLL_MS);
      }
    },
    close: async () => {
      await webhookReceiver.close();
      await bff.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
