import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Order, PaymentParameters } from '@shared/contract';
import { pino } from 'pino';
import type { UserAuth } from '../accounts/session-service';
import { startWorker } from '../jobs/worker';
import { ORDER_JOB } from '../orders/order-queries';
import { createShingsou } from '../platforms/shingsou';
import { createSandbox } from '../sandbox/create-sandbox';
import { createServices } from '../services';
import { migrate } from '../store/migrate';
import { openSqlite } from '../store/sqlite';
import { eventually, midMonthClock } from './harness';
import { createSandboxControls, type SandboxControls } from './sandbox-controls';
import { layWire, type Wire } from './wire';

/** Impatient, so that a platform that is away does not hold up the test, and never left alone. */
const limits = {
  headersTimeout: 1_000,
  totalTimeout: 2_000,
  retries: 1,
  retryPause: 1,
  breakAfter: 1_000_000,
};

/** The simulated platforms and one clock for all. */
export interface Platforms {
  controls: SandboxControls;
  wire: Wire;
  settings: Record<string, string>;
  now(): number;
  moveClock(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function startPlatforms(): Promise<Platforms> {
  const clock = midMonthClock();
  const sandbox = createSandbox({ seed: 'order-model', clock });
  const { url } = await sandbox.listen(0);
  const wire = await layWire(url);
  const controls = createSandboxControls(url);
  let offset = 0;
  const now = () => clock() + offset;
  return {
    controls,
    wire,
    settings: sandbox.settings(),
    now,
    moveClock: async (milliseconds) => {
      offset += milliseconds;
      await controls.moveTo(now());
    },
    close: async () => {
      await wire.close();
      await sandbox.close();
    },
  };
}

async function startBff({ wire, settings, now }: Platforms, file: string) {
  const store = openSqlite(file);
  await migrate(store);
  const log = pino({ level: 'silent' });
  const platform = createShingsou({
    idsUrl: wire.url,
    apiUrl: wire.url,
    clientId: settings.SHINGSOU_CLIENT_ID ?? '',
    clientSecret: settings.SHINGSOU_CLIENT_SECRET ?? '',
    subscriptionKey: settings.SHINGSOU_SUBSCRIPTION_KEY ?? '',
    scope: settings.SHINGSOU_SCOPE ?? '',
    appId: settings.WECHAT_APP_ID ?? '',
    // Nobody listens there: what the BFF learns by a knock, the model's commands knock.
    notifyUrl: 'http://127.0.0.1:9/notifications',
    clock: now,
    limits,
  });
  const services = createServices({ store, clock: now, log, platform });
  const worker = startWorker({
    store,
    clock: now,
    log,
    handlers: { [ORDER_JOB]: services.advancer.run },
    pollMs: 4,
  });
  return {
    store,
    services,
    stop: async () => {
      await worker.stop();
      await platform.close();
      await store.destroy();
    },
  };
}

/** One customer with one card, the BFF's services and worker, and the real platforms around them. */
export interface OrderWorld {
  cardId: string;
  /** Packages that can be bought now or from next month on, with their prices. */
  shelf: { id: string; priceFen: number }[];
  place(wish: { packageId: string; effective: 'now' | 'nextMonth' }, key: string): Promise<Order>;
  pay(orderId: string): Promise<PaymentParameters>;
  cancel(orderId: string): Promise<Order>;
  read(orderId: string): Promise<Order>;
  list(): Promise<Order[]>;
  knock(orderNumber: string, event: string): Promise<void>;
  restart(): Promise<void>;
  /** Orders that are not at rest and have nothing due: nobody would ever look at them again. */
  forgotten(): Promise<string[]>;
  /** Waits until the worker has done everything that is due now. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const base = { requestId: 'model', language: 'en', token: '', ip: '127.0.0.1' } as const;
const none = { params: undefined, query: undefined, headers: undefined, body: undefined };

export async function createOrderWorld(platforms: Platforms, person: string): Promise<OrderWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'liuka-model-'));
  const file = join(folder, 'liuka.db');
  let bff = await startBff(platforms, file);
  const handlers = () => bff.services.handlers;

  async function signIn(): Promise<UserAuth> {
    const code = await platforms.controls.loginCode(person);
    const input = { ...base, ...none, auth: undefined, body: { code } };
    const { body } = await handlers()['POST /sessions'](input);
    const auth = await bff.services.authenticators.user(body.token);
    assert.ok(auth, 'the new session is nobody’s');
    return auth;
  }

  const auth = await signIn();
  const asking = { ...base, ...none, auth };

  async function findCard(): Promise<string> {
    const cards = await platforms.controls.cards();
    const healthy = cards.filter((card) => card.carrier === 'telecom' && card.carrierCode === '1');
    const card = healthy[0];
    assert.ok(card, 'the sandbox has no healthy card');
    const query = { number: card.iccid };
    const { body } = await handlers()['GET /cards']({ ...asking, query });
    assert.ok(body.items[0], 'the card is not found');
    return body.items[0].id;
  }

  const cardId = await findCard();
  const { body: catalogue } = await handlers()['GET /cards/:cardId/packages']({
    ...asking,
    params: { cardId },
  });
  const shelf = catalogue.categories
    .flatMap(({ packages }) => packages)
    .filter(({ kind }) => kind === 'basic')
    .map(({ id, priceFen }) => ({ id, priceFen }));

  return {
    cardId,
    shelf,
    place: async (wish, key) => {
      const headers = { 'idempotency-key': key };
      const body = { cardId, ...wish };
      return (await handlers()['POST /orders']({ ...asking, headers, body })).body;
    },
    pay: async (orderId) => {
      const params = { orderId };
      const { body } = await handlers()['POST /orders/:orderId/payment']({ ...asking, params });
      return body.payment;
    },
    cancel: async (orderId) => {
      const params = { orderId };
      return (await handlers()['POST /orders/:orderId/cancel']({ ...asking, params })).body;
    },
    read: async (orderId) => {
      const params = { orderId };
      return (await handlers()['GET /orders/:orderId']({ ...asking, params })).body;
    },
    list: async () => {
      const query = { limit: 100 };
      const { body } = await handlers()['GET /orders']({ ...asking, query });
      return body.items;
    },
    knock: async (outTradeNo, event) => {
      await bff.services.notifications.takeShingsou({ event, outTradeNo });
    },
    restart: async () => {
      await bff.stop();
      bff = await startBff(platforms, file);
    },
    forgotten: async () => {
      const rows = await bff.store
        .selectFrom('orders')
        .leftJoin('jobs', 'jobs.subject_id', 'orders.id')
        .select(['orders.number', 'orders.state'])
        .where('jobs.id', 'is', null)
        .where('orders.state', 'not in', ['delivered', 'closed', 'refunded'])
        .execute();
      return rows.map(({ number, state }) => `${number} ${state}`);
    },
    idle: async () => {
      await eventually('the worker is idle', async () => {
        const busy = await bff.store
          .selectFrom('jobs')
          .select('id')
          .where((eb) =>
            eb.or([eb('run_at', '<=', platforms.now()), eb('lease_token', 'is not', null)]),
          )
          .executeTakeFirst();
        return busy === undefined;
      });
    },
    close: async () => {
      await bff.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
