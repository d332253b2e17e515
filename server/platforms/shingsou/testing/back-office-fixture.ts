import { constants, publicEncrypt } from 'node:crypto';
import { beijingDate, beijingDateTime } from '@shared/beijing-time';
import type { OperationCaller, OperationResult } from '../../platform-operation';
import { startSimulatedPlatforms } from '../../testing/simulated-platforms';
import type { SimulatedCard, SimulatedPlatforms } from '../../testing/simulated-platforms';
import { createShingsouCaller } from '../caller';
import { operations } from '../operations';
import type { OperationName } from '../operations';

export const NOTIFY_URL = 'http://127.0.0.1:9/notifications';
const DAY_S = 24 * 60 * 60;

/** The simulated platform with all its operations, as a back office uses them. */
export interface BackOfficeFixture {
  platforms: SimulatedPlatforms;
  caller: OperationCaller;
  card(position?: number): SimulatedCard;
  /** Returns a new number at each call. */
  uniqueNumber(prefix: string): string;
  /** The platform's time in `seconds` seconds, as `YYYY-MM-DD HH:mm:ss`. */
  time(seconds?: number): Promise<string>;
  /** Advances the platform's clock to noon of the next day, and returns the day before that. */
  advanceToNextDay(): Promise<string>;
  call(name: OperationName, request: object): Promise<OperationResult>;
  /** Returns the data of a successful call. @throws Error if the call does not succeed */
  callSuccessfully<Data = unknown>(name: OperationName, request: object): Promise<Data>;
  openId(): Promise<string>;
  /** Simulates what a user does outside the gateway: pays, or redeems a 充值卡. */
  simulateUser(action: 'cashier' | 'redeem', body: object): Promise<void>;
  /** Encrypts with the key of wechatpay-publickey. */
  encrypt(text: string): Promise<string>;
  close(): Promise<void>;
}

export async function startBackOfficeFixture(): Promise<BackOfficeFixture> {
  const platforms = await startSimulatedPlatforms();
  const { setting } = platforms;
  const caller = createShingsouCaller({
    idsUrl: setting('SHINGSOU_IDS_URL'),
    apiUrl: setting('SHINGSOU_API_URL'),
    clientId: setting('SHINGSOU_CLIENT_ID'),
    clientSecret: setting('SHINGSOU_CLIENT_SECRET'),
    subscriptionKey: setting('SHINGSOU_SUBSCRIPTION_KEY'),
    scope: setting('SHINGSOU_SCOPE'),
    clock: Date.now,
    warn: () => undefined,
    limits: { retryPause: 2, breakAfter: 100_000 },
  });
  let lastNumber = 0;

  const call: BackOfficeFixture['call'] = (name, request) =>
    caller.call(operations[name].id, request);

  async function done<Data>(name: OperationName, request: object): Promise<Data> {
    const result = await call(name, request);
    if (result.outcome !== 'done') throw new Error(JSON.stringify(result));
    return result.data as Data;
  }

  return {
    platforms,
    caller,
    card(position = 0) {
      const card = platforms.cards[position];
      if (!card) throw new Error('the sandbox has no such card');
      return card;
    },
    uniqueNumber(prefix) {
      lastNumber += 1;
      return `${prefix}${String(lastNumber).padStart(10, '0')}`;
    },
    async time(seconds = 0) {
      return beijingDateTime((await platforms.now()) + seconds * 1000);
    },
    async advanceToNextDay() {
      const today = beijingDate(await platforms.now());
      await platforms.advanceClock(DAY_S * 2);
      return today;
    },
    call,
    callSuccessfully: done,
    async openId() {
      const code = await platforms.createLoginCode();
      return (await done<{ openid: string }>('publicOpenId', { code })).openid;
    },
    async simulateUser(action, body) {
      const response = await fetch(`${setting('SHINGSOU_API_URL')}/sandbox/shingsou/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      if (!response.ok) throw new Error(`${action}: HTTP ${String(response.status)}`);
    },
    async encrypt(text) {
      const { pubKey } = await done<{ pubKey: string }>('publicKey', {});
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      return publicEncrypt({ key: pubKey, padding }, Buffer.from(text)).toString('base64');
    },
    async close() {
      await caller.close();
      await platforms.close();
    },
  };
}
