import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { beijingDate } from '@shared/beijing-time';
import { fen } from '@shared/money';
import { PlatformUnavailable } from '../ports';
import type { ParsedNotification, Payment, PaymentOrder, RawNotification } from '../ports';
import { startTestServer } from '../testing/http-server';
import type { TestServer } from '../testing/http-server';
import { startSimulatedPlatforms } from '../testing/simulated-platforms';
import type { SimulatedPlatforms } from '../testing/simulated-platforms';
import { createWechat } from '../wechat';
import type { Wechat } from '../wechat';
import { createWechatPay } from './index';
import type { WechatPay } from './index';
import { orderedStart } from '../testing/ordered-start';

/** Tests the adapters against the simulated WeChat over HTTP. Both implement the protocol independently. */

let platforms: SimulatedPlatforms;
let receiver: TestServer;
let wechat: Wechat;
let pay: WechatPay;
let clock: () => number;
let numbers = 0;

function connect({ publicKey = true, totalTimeout = 10_000 } = {}): void {
  const { setting } = platforms;
  const limits = { totalTimeout, retryPause: 5, breakAfter: 100_000 };
  const appId = setting('WECHAT_APP_ID');
  wechat = createWechat({
    apiUrl: setting('WECHAT_API_URL'),
    appId,
    appSecret: setting('WECHAT_APP_SECRET'),
    clock: () => clock(),
    limits,
  });
  pay = createWechatPay({
    url: setting('WECHATPAY_URL'),
    appId,
    mchId: setting('WECHATPAY_MCH_ID'),
    serial: setting('WECHATPAY_SERIAL'),
    privateKey: createPrivateKey(setting('WECHATPAY_PRIVATE_KEY')),
    apiV3Key: createSecretKey(setting('WECHATPAY_API_V3_KEY'), 'utf8'),
    publicKey: publicKey
      ? {
          id: setting('WECHATPAY_PUBLIC_KEY_ID'),
          key: createPublicKey(setting('WECHATPAY_PUBLIC_KEY')),
        }
      : undefined,
    isOwnOrderNumber: (orderNumber) => orderNumber.startsWith('LKTEST'),
    notifyUrl: `${receiver.url}/notify`,
    clock: () => clock(),
    limits,
  });
}

async function disconnect(): Promise<void> {
  await Promise.all([wechat.close(), pay.close()]);
}

beforeEach(async () => {
  clock = Date.now;
  platforms = await startSimulatedPlatforms();
  receiver = await startTestServer((_request, response) => {
    response.end();
  });
  connect();
});
afterEach(async () => {
  await disconnect();
  await Promise.all([platforms.close(), receiver.close()]);
});

async function signIn(): Promise<string> {
  const result = await wechat.identity.exchangeCode(await platforms.createLoginCode());
  if (result.outcome !== 'done') throw new Error(result.reason);
  return result.openid;
}

async function newOrder(): Promise<PaymentOrder> {
  numbers += 1;
  return {
    orderNumber: `LKTEST${String(numbers).padStart(8, '0')}`,
    cardRef: '8986031234567890123A',
    packageId: 'p1',
    packageName: '2GB 月包',
    ...orderedStart('now'),
    amount: fen(1800),
    openid: await signIn(),
    payBefore: Math.floor((await platforms.now()) / 1000) * 1000 + 30 * 60_000,
  };
}

async function createPaymentRequest(order: PaymentOrder) {
  const result = await pay.payments.createPayment(order);
  if (result.outcome !== 'done') throw new Error(result.message);
  return result.value;
}

async function paidOrder(): Promise<PaymentOrder & { payment: Payment }> {
  const order = await newOrder();
  expect(await platforms.completePayment(await createPaymentRequest(order), 'pay')).toBe(
    'requestPayment:ok',
  );
  const state = await pay.payments.queryPayment(order.orderNumber);
  if (state.state !== 'paid') throw new Error(state.state);
  const { state: _, ...payment } = state;
  return { ...order, payment };
}

const refundOf = (
  { orderNumber, payment }: { orderNumber: string; payment: Payment },
  amount: number,
) => ({
  orderNumber,
  transactionId: payment.transactionId,
  refundNumber: `R${orderNumber}`,
  paid: payment.amount,
  amount: fen(amount),
  reason: '充值未成功',
});

/** Waits until the notify address has received `count` notifications, and returns them. */
async function waitForNotifications(count: number): Promise<RawNotification[]> {
  for (let tries = 0; receiver.requests.length < count && tries < 100; tries += 1) {
    await platforms.advanceClock(0);
    await pause(20);
  }
  return receiver.requests.map(({ headers, body }) => ({
    headers: headers as RawNotification['headers'],
    body: Buffer.from(body),
  }));
}

const readAll = (notifications: RawNotification[]): Promise<ParsedNotification[]> =>
  Promise.all(notifications.map((each) => pay.payments.readNotification(each)));

describe('signing in with WeChat', () => {
  it('accepts a code once, and refuses codes of a blocked user', async () => {
    const code = await platforms.createLoginCode();
    expect(await wechat.identity.exchangeCode(code)).toMatchObject({ outcome: 'done' });
    expect(await wechat.identity.exchangeCode(code)).toMatchObject({ reason: 'codeInvalid' });
    const fresh = await platforms.createLoginCode();
    await platforms.setFaults({ loginBlocked: true });
    expect(await wechat.identity.exchangeCode(fresh)).toMatchObject({ reason: 'blocked' });
    await platforms.setFaults({ wechatBusy: true });
    await expect(wechat.identity.exchangeCode(fresh)).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  it('requires the valid secret, and returns the same token to every caller', async () => {
    expect(await wechat.verify()).toBe('ok');
    const { value } = await wechat.accessToken.current();
    expect((await wechat.accessToken.refresh(value)).value).toBe(value);
    const { setting } = platforms;
    const wrong = createWechat({
      apiUrl: setting('WECHAT_API_URL'),
      appId: setting('WECHAT_APP_ID'),
      appSecret: 'not the secret of this app',
      clock: Date.now,
    });
    expect(await wrong.verify()).toBe('refused');
    await wrong.close();
  });
});

describe('an order', () => {
  it('is paid with a payment sheet that WeChat accepts, confirmed, and notified', async () => {
    const { orderNumber, openid, payment } = await paidOrder();
    expect(payment).toMatchObject({ amount: 1800, openid });
    expect(await pay.payments.queryTransaction?.(payment.transactionId)).toEqual({
      orderNumber,
      ...payment,
    });
    const readings = await readAll(await waitForNotifications(1));
    expect(readings).toMatchObject([
      {
        outcome: 'taken',
        notification: {
          kind: 'payment',
          orderNumber,
          transactionId: payment.transactionId,
          signed: true,
        },
      },
    ]);
  });

  it('can be created again under its number, but not with other content', async () => {
    const order = await newOrder();
    const first = await createPaymentRequest(order);
    const second = await createPaymentRequest(order);
    expect(second.package).not.toBe(first.package);
    expect(await pay.payments.createPayment({ ...order, amount: fen(1) })).toMatchObject({
      outcome: 'refused',
      reason: 'rejected',
    });
    expect(await platforms.completePayment(second, 'cancel')).toBe('requestPayment:fail cancel');
    expect(await pay.payments.queryPayment(order.orderNumber)).toEqual({ state: 'unpaid' });
    expect(await platforms.completePayment(first, 'pay')).toBe('requestPayment:ok');
    expect(await pay.payments.createPayment(order)).toMatchObject({ reason: 'alreadyPaid' });
    expect(await pay.payments.closePayment(order.orderNumber)).toMatchObject({
      reason: 'alreadyPaid',
    });
  });

  it('cannot be paid or created again after it is closed', async () => {
    const order = await newOrder();
    expect(await pay.payments.queryPayment(order.orderNumber)).toEqual({ state: 'absent' });
    const paymentRequest = await createPaymentRequest(order);
    for (const turn of ['closing', 'closing again']) {
      expect([turn, await pay.payments.closePayment(order.orderNumber)]).toEqual([
        turn,
        { outcome: 'done', value: null },
      ]);
    }
    expect(await pay.payments.queryPayment(order.orderNumber)).toEqual({ state: 'closed' });
    expect(await platforms.completePayment(paymentRequest, 'pay')).toMatch(/^requestPayment:fail /);
    expect(await pay.payments.createPayment(order)).toMatchObject({ reason: 'closed' });
  });

  it('paid one fen short, or twice, is reported as it is', async () => {
    await platforms.setFaults({ wrongAmount: true });
    expect((await paidOrder()).payment.amount).toBe(1799);
    await platforms.setFaults({ doublePayment: true });
    const { orderNumber } = await paidOrder();
    const taken = (await platforms.payments()).filter((each) => each.orderNumber === orderNumber);
    expect(taken).toHaveLength(2);
    for (const { transactionId } of taken) {
      expect(await pay.payments.queryTransaction?.(transactionId)).toMatchObject({
        orderNumber,
        transactionId,
        amount: 1800,
      });
    }
  });
});

describe('a refund', () => {
  it('is made once per refund number, waits for balance, and is notified', async () => {
    const order = await paidOrder();
    const refund = refundOf(order, 500);
    expect(await pay.payments.queryRefund(refund.refundNumber)).toBe('absent');
    await platforms.setFaults({ refundNotEnough: true });
    const short = { outcome: 'done', value: 'notEnoughBalance' };
    expect(await pay.payments.refund(refund)).toEqual(short);
    await platforms.setFaults({});
    for (const value of ['processing', 'processing']) {
      expect(await pay.payments.refund(refund)).toEqual({ outcome: 'done', value });
    }
    await platforms.advanceClock(5);
    expect(await pay.payments.queryRefund(refund.refundNumber)).toBe('done');
    const { orderNumber, payment } = order;
    expect(await pay.payments.queryPayment(orderNumber)).toEqual({ state: 'refunded', ...payment });
    const readings = await readAll(await waitForNotifications(2));
    expect(readings).toContainEqual(
      expect.objectContaining({
        outcome: 'taken',
        notification: expect.objectContaining({ kind: 'refund', orderNumber }),
      }),
    );
    const ledger = await platforms.payments();
    expect(ledger.map(({ refundedFen }) => refundedFen)).toEqual([500]);
  });

  it('is refused if it exceeds the payment or the channel rejects it', async () => {
    const order = await paidOrder();
    await pay.payments.refund(refundOf(order, 1800));
    const more = { ...refundOf(order, 1), refundNumber: `S${order.orderNumber}` };
    expect(await pay.payments.refund(more)).toMatchObject({ reason: 'rejected' });
    await platforms.setFaults({ refundRefused: true });
    const other = await paidOrder();
    expect(await pay.payments.refund(refundOf(other, 1800))).toMatchObject({ reason: 'rejected' });
  });

  it('is abnormal if the payer cannot be credited', async () => {
    const order = await paidOrder();
    await platforms.setFaults({ refundAbnormal: true });
    await pay.payments.refund(refundOf(order, 1800));
    await platforms.advanceClock(5);
    expect(await pay.payments.queryRefund(`R${order.orderNumber}`)).toBe('abnormal');
  });
});

describe('notifications', () => {
  it('are refused if they are probes, forged or stale; genuine ones between them are accepted', async () => {
    await platforms.setFaults({ signatureProbes: true, forgedNotifications: true });
    await paidOrder();
    const readings = await readAll(await waitForNotifications(3));
    const reasons = readings.map((each) => (each.outcome === 'taken' ? 'taken' : each.reason));
    expect(reasons.sort()).toEqual([
      'notification.signature_invalid',
      'notification.signature_invalid',
      'taken',
    ]);
    await platforms.setFaults({ staleNotifications: true });
    await paidOrder();
    expect((await readAll(await waitForNotifications(4))).at(-1)).toMatchObject({
      reason: 'notification.stale',
    });
  });
});

describe('platform certificates', () => {
  it('are sufficient without the public key', async () => {
    await platforms.setFaults({ wechatpayCertificate: true });
    await disconnect();
    connect({ publicKey: false });
    await paidOrder();
    expect(await readAll(await waitForNotifications(1))).toMatchObject([{ outcome: 'taken' }]);
  });

  it('are accepted together with the public key', async () => {
    const { orderNumber } = await paidOrder();
    for (const wechatpayCertificate of [true, false, true]) {
      await platforms.setFaults({ wechatpayCertificate });
      expect(await pay.payments.queryPayment(orderNumber)).toMatchObject({ state: 'paid' });
    }
  });
});

describe('the bill of a day', () => {
  it('contains the payments and refunds, from 10:00 on the next day', async () => {
    const order = await paidOrder();
    await pay.payments.refund(refundOf(order, 500));
    const day = beijingDate(await platforms.now());
    const dayBefore = beijingDate((await platforms.now()) - 24 * 60 * 60_000);
    expect(await pay.payments.downloadBill(day)).toBeUndefined();
    await platforms.advanceClock(34 * 60 * 60);
    const ahead = (await platforms.now()) - Date.now();
    clock = () => Date.now() + ahead;
    const line = { orderNumber: order.orderNumber, transactionId: order.payment.transactionId };
    expect(await pay.payments.downloadBill(day)).toEqual([
      { ...line, kind: 'payment', refundNumber: null, amount: 1800 },
      { ...line, kind: 'refund', refundNumber: `R${order.orderNumber}`, amount: 500 },
    ]);
    expect(await pay.payments.downloadBill(dayBefore)).toEqual([]);
  });
});

describe('a fault', () => {
  it.each(['wechatpayDown', 'wechatpayGarbage'])(
    '%s makes queries fail and leaves the outcome of writes unknown',
    async (fault) => {
      const order = await paidOrder();
      await platforms.setFaults({ [fault]: true });
      const { payments } = pay;
      for (const query of [
        () => payments.queryPayment(order.orderNumber),
        () => payments.queryTransaction?.(order.payment.transactionId),
        () => payments.queryRefund('LR'),
        () => payments.downloadBill('2026-03-01'),
      ]) {
        await expect(query()).rejects.toBeInstanceOf(PlatformUnavailable);
      }
      for (const act of [
        () => payments.createPayment(order),
        () => payments.closePayment(order.orderNumber),
        () => payments.refund(refundOf(order, 1)),
      ]) {
        expect(await act()).toMatchObject({ outcome: 'unknown' });
      }
    },
  );

  it('of lost answers leaves the outcome unknown, and a retry under the same number succeeds', async () => {
    const order = await newOrder();
    await disconnect();
    connect({ totalTimeout: 1_000 });
    await platforms.setFaults({ wechatpayMute: true });
    expect(await pay.payments.createPayment(order)).toMatchObject({ outcome: 'unknown' });
    await platforms.setFaults({});
    expect(await platforms.completePayment(await createPaymentRequest(order), 'pay')).toBe(
      'requestPayment:ok',
    );
    const paid = await pay.payments.queryPayment(order.orderNumber);
    if (paid.state !== 'paid') throw new Error(paid.state);
    const refund = refundOf({ ...order, payment: paid }, 1800);
    await platforms.setFaults({ wechatpayMute: true });
    expect(await pay.payments.refund(refund)).toMatchObject({ outcome: 'unknown' });
    await platforms.setFaults({});
    expect(await pay.payments.refund(refund)).toMatchObject({ outcome: 'done' });
    await platforms.advanceClock(5);
    expect((await platforms.payments()).map(({ refundedFen }) => refundedFen)).toEqual([1800]);
  });
});
