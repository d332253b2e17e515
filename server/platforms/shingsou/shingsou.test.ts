import { fen } from '@shared/money';
import { createSandbox } from '../../sandbox/create-sandbox';
import type { Sandbox } from '../../sandbox/create-sandbox';
import { PlatformUnavailable } from '../ports';
import type { PackageOffer, PaymentOrder } from '../ports';
import { createShingsou } from './index';
import type { Shingsou } from './index';

/** The adapter against the simulated platform, over real HTTP: two independent readings of one protocol. */

interface ListedCard {
  iccid: string;
  accessNumber: string | null;
  carrier: string;
  carrierCode: string;
}

let sandbox: Sandbox;
let origin: string;
let shingsou: Shingsou;
let cards: ListedCard[];
let numbers = 0;

async function control<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${origin}/sandbox/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: HTTP ${String(response.status)}`);
  return (await response.json()) as Answer;
}

const faults = (switches: object) => control('PUT', 'faults', switches);
const loginCode = async () => (await control<{ code: string }>('POST', 'wechat/login', {})).code;

async function sandboxNow(): Promise<number> {
  return Date.parse((await control<{ now: string }>('GET', 'clock')).now);
}

async function pass(seconds: number): Promise<void> {
  const now = new Date((await sandboxNow()) + seconds * 1000).toISOString();
  await control('PUT', 'clock', { now });
}

function connect(settings: Record<string, string>, totalTimeout = 10_000): Shingsou {
  const setting = (name: string) => settings[name] ?? '';
  return createShingsou({
    idsUrl: setting('SHINGSOU_IDS_URL'),
    apiUrl: setting('SHINGSOU_API_URL'),
    clientId: setting('SHINGSOU_CLIENT_ID'),
    clientSecret: setting('SHINGSOU_CLIENT_SECRET'),
    subscriptionKey: setting('SHINGSOU_SUBSCRIPTION_KEY'),
    scope: setting('SHINGSOU_SCOPE'),
    appId: setting('WECHAT_APP_ID'),
    notifyUrl: 'http://127.0.0.1:9/notifications',
    clock: Date.now,
    limits: { totalTimeout, retryPause: 5, breakAfter: 100_000 },
  });
}

async function reconnect(totalTimeout?: number): Promise<void> {
  await shingsou.close();
  shingsou = connect(sandbox.settings(), totalTimeout);
}

beforeEach(async () => {
  sandbox = createSandbox({ seed: 'adapter', deliverySeconds: 3 });
  origin = (await sandbox.listen(0)).url;
  shingsou = connect(sandbox.settings());
  cards = (await control<{ items: ListedCard[] }>('GET', 'cards')).items;
});
afterEach(async () => {
  await shingsou.close();
  await sandbox.close();
});

function demoCard(): ListedCard {
  const [card] = cards;
  if (card === undefined) throw new Error('the sandbox has no cards');
  return card;
}

async function signIn(): Promise<string> {
  const result = await shingsou.identity.exchangeCode(await loginCode());
  if (result.outcome !== 'done') throw new Error(result.reason);
  return result.openid;
}

async function anOffer(): Promise<PackageOffer> {
  const { offers } = await shingsou.cards.packagesOnSale(demoCard().iccid);
  const offer = offers.find(({ effective }) => effective.includes('now'));
  if (offer === undefined) throw new Error('nothing on sale');
  return offer;
}

async function newOrder(): Promise<PaymentOrder> {
  const offer = await anOffer();
  numbers += 1;
  return {
    orderNumber: `LKTEST${String(numbers).padStart(8, '0')}`,
    iccid: demoCard().iccid,
    packageId: offer.id,
    effective: 'now',
    amount: offer.price,
    openid: await signIn(),
    payBefore: Math.floor((await sandboxNow()) / 1000) * 1000 + 30 * 60_000,
  };
}

async function createSheet(order: PaymentOrder) {
  const result = await shingsou.payments.createPayment(order);
  if (result.outcome !== 'done') throw new Error(result.message);
  return result.value;
}

async function atCashier(sheet: object, action: 'pay' | 'cancel'): Promise<string> {
  return (await control<{ errMsg: string }>('POST', 'wechat/cashier', { ...sheet, action })).errMsg;
}

async function paidOrder(): Promise<PaymentOrder> {
  const order = await newOrder();
  expect(await atCashier(await createSheet(order), 'pay')).toBe('requestPayment:ok');
  return order;
}

describe('signing in', () => {
  it('exchanges a code once', async () => {
    const code = await loginCode();
    expect(await shingsou.identity.exchangeCode(code)).toMatchObject({
      outcome: 'done',
      openid: expect.stringMatching(/./),
    });
    expect(await shingsou.identity.exchangeCode(code)).toEqual({
      outcome: 'refused',
      reason: 'codeInvalid',
    });
  });

  it('takes no code older than five minutes, and none of a blocked person', async () => {
    const old = await loginCode();
    await pass(301);
    expect(await shingsou.identity.exchangeCode(old)).toMatchObject({ reason: 'codeInvalid' });
    const fresh = await loginCode();
    await faults({ loginBlocked: true });
    expect(await shingsou.identity.exchangeCode(fresh)).toMatchObject({ reason: 'blocked' });
  });
});

describe('cards', () => {
  it('are all found by ICCID and reported with their carrier and its code', async () => {
    for (const { iccid, accessNumber, carrier, carrierCode } of cards) {
      const card = { iccid, accessNumber, carrier };
      expect(await shingsou.cards.find({ kind: 'iccid', value: iccid })).toEqual([card]);
      expect(await shingsou.cards.report(iccid)).toMatchObject({ ...card, carrierCode });
    }
  });

  it('are found by access number, and by the end of the ICCID even where two share it', async () => {
    const { accessNumber } = demoCard();
    const byAccess = await shingsou.cards.find({
      kind: 'accessNumber',
      value: accessNumber ?? '',
    });
    expect(byAccess).toMatchObject([{ iccid: demoCard().iccid }]);
    const suffixes = cards.map(({ iccid }) => iccid.slice(-10));
    const shared = suffixes.find((suffix, index) => suffixes.indexOf(suffix) !== index) ?? '';
    const found = await shingsou.cards.find({ kind: 'iccidSuffix', value: shared });
    expect(found.map(({ iccid }) => iccid).sort()).toEqual(
      cards
        .map(({ iccid }) => iccid)
        .filter((iccid) => iccid.endsWith(shared))
        .sort(),
    );
    expect(found).toHaveLength(2);
  });

  it('that do not exist are not found, not reported, and have an empty shelf', async () => {
    const nobody = '89860399999999999999';
    expect(await shingsou.cards.find({ kind: 'iccid', value: nobody })).toEqual([]);
    expect(await shingsou.cards.find({ kind: 'iccidSuffix', value: '9999999999' })).toEqual([]);
    expect(await shingsou.cards.find({ kind: 'customNumber', value: '123456' })).toEqual([]);
    expect(await shingsou.cards.report(nobody)).toBeUndefined();
    expect(await shingsou.cards.packagesOnSale(nobody)).toEqual({ categories: [], offers: [] });
  });

  it('have packages on sale in known categories, none lost in translation', async () => {
    const { categories, offers } = await shingsou.cards.packagesOnSale(demoCard().iccid);
    const ids = categories.map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(offers.map(({ categoryId }) => categoryId))).toEqual(new Set(ids));
    expect(offers.every(({ price }) => Number.isInteger(price) && price > 0)).toBe(true);
  });
});

describe('an order', () => {
  it('is paid by a sheet WeChat accepts, confirmed by the channel, and delivered to the card', async () => {
    const order = await newOrder();
    expect(await shingsou.cards.delivery(order.orderNumber)).toEqual({ state: 'absent' });
    const before = await shingsou.cards.report(order.iccid);
    const sheet = await createSheet(order);
    expect(Object.keys(sheet).sort()).toEqual(
      ['nonceStr', 'package', 'paySign', 'signType', 'timeStamp'].sort(),
    );
    expect(await shingsou.payments.queryPayment(order.orderNumber)).toEqual({ state: 'unpaid' });
    expect(await atCashier(sheet, 'pay')).toBe('requestPayment:ok');
    expect(await shingsou.payments.queryPayment(order.orderNumber)).toMatchObject({
      state: 'paid',
      amount: order.amount,
      openid: order.openid,
      transactionId: expect.stringMatching(/^4200\d+$/),
    });
    expect(await shingsou.cards.delivery(order.orderNumber)).toEqual({ state: 'pending' });
    await pass(4);
    const delivery = await shingsou.cards.delivery(order.orderNumber);
    expect(delivery.state).toBe('delivered');
    const after = await shingsou.cards.report(order.iccid);
    expect(after?.packages.length).toBe((before?.packages.length ?? 0) + 1);
  });

  it('cancelled at the sheet can be paid under the same number with a new sheet', async () => {
    const order = await newOrder();
    expect(await atCashier(await createSheet(order), 'cancel')).toBe('requestPayment:fail cancel');
    expect(await atCashier(await createSheet(order), 'pay')).toBe('requestPayment:ok');
  });

  it('is refused where it was paid, closed, changed, or for something not on sale', async () => {
    const paid = await paidOrder();
    expect(await shingsou.payments.createPayment(paid)).toMatchObject({ reason: 'alreadyPaid' });
    const closed = await newOrder();
    await createSheet(closed);
    await pass(301);
    await shingsou.payments.closePayment(closed.orderNumber);
    expect(await shingsou.payments.createPayment(closed)).toMatchObject({ reason: 'closed' });
    const changed = await newOrder();
    await createSheet(changed);
    for (const change of [
      { payBefore: changed.payBefore + 60_000 },
      { amount: fen(1) },
      { orderNumber: 'LKTESTOTHER', packageId: 'none' },
    ]) {
      expect(await shingsou.payments.createPayment({ ...changed, ...change })).toMatchObject({
        reason: 'rejected',
      });
    }
  });

  it('is asked about honestly: unknown numbers are absent, a wrong amount is passed on', async () => {
    expect(await shingsou.payments.queryPayment('LKTESTNOBODY')).toEqual({ state: 'absent' });
    const order = await paidOrder();
    await faults({ wrongAmount: true });
    expect(await shingsou.payments.queryPayment(order.orderNumber)).toMatchObject({
      state: 'paid',
      amount: order.amount - 1,
    });
  });

  it('is closed after five minutes, not before, and not once paid', async () => {
    const { closePayment, queryPayment } = shingsou.payments;
    const order = await newOrder();
    await createSheet(order);
    expect(await closePayment(order.orderNumber)).toMatchObject({ reason: 'tooEarly' });
    await pass(301);
    for (const turn of ['closing', 'closing again']) {
      expect([turn, await closePayment(order.orderNumber)]).toEqual([
        turn,
        { outcome: 'done', value: null },
      ]);
    }
    expect(await queryPayment(order.orderNumber)).toEqual({ state: 'closed' });
    expect(await closePayment('LKTESTNOBODY')).toEqual({ outcome: 'done', value: null });
    const paid = await paidOrder();
    expect(await closePayment(paid.orderNumber)).toMatchObject({ reason: 'alreadyPaid' });
  });

  it('that fails at delivery says why', async () => {
    await faults({ deliveryFails: true });
    const order = await paidOrder();
    await pass(4);
    expect(await shingsou.cards.delivery(order.orderNumber)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/./),
    });
  });
});

describe('a refund', () => {
  it('goes through once for its number, and more than was paid is refused', async () => {
    const { orderNumber, amount } = await paidOrder();
    const refund = {
      orderNumber,
      refundNumber: `R${orderNumber}`,
      paid: amount,
      amount,
      reason: '充值未成功',
    };
    expect(await shingsou.payments.queryRefund(refund.refundNumber)).toBe('absent');
    await faults({ refundNotEnough: true });
    expect(await shingsou.payments.refund(refund)).toEqual({
      outcome: 'done',
      value: 'notEnoughBalance',
    });
    await faults({});
    for (const expected of ['processing', 'processing']) {
      expect(await shingsou.payments.refund(refund)).toEqual({ outcome: 'done', value: expected });
    }
    await pass(5);
    expect(await shingsou.payments.queryRefund(refund.refundNumber)).toBe('done');
    expect(await shingsou.payments.queryPayment(orderNumber)).toEqual({ state: 'refunded' });
    const second = { ...refund, refundNumber: `S${orderNumber}`, amount: fen(1) };
    expect(await shingsou.payments.refund(second)).toMatchObject({ reason: 'rejected' });
    const { payments } = await control<{ payments: { refundedFen: number }[] }>('GET', 'ledger');
    expect(payments.map(({ refundedFen }) => refundedFen)).toEqual([amount]);
  });
});

describe('trouble', () => {
  it('with a token taken back in the middle is not noticed', async () => {
    const order = await newOrder();
    const sheet = await createSheet(order);
    await faults({ revokeToken: true });
    await Promise.all([
      shingsou.cards.report(order.iccid),
      shingsou.cards.packagesOnSale(order.iccid),
      shingsou.payments.queryPayment(order.orderNumber),
    ]);
    await faults({ revokeToken: true });
    expect((await signIn()).length).toBeGreaterThan(0);
    expect(await atCashier(sheet, 'pay')).toBe('requestPayment:ok');
  });

  it.each(['gatewayDown', 'garbage', 'tokenServerDown'])(
    'of the kind %s leaves questions unanswered and deeds unknown',
    async (fault) => {
      await faults({ [fault]: true });
      const { iccid } = demoCard();
      const { cards: cardPort, payments, identity } = shingsou;
      for (const ask of [
        () => cardPort.find({ kind: 'iccid', value: iccid }),
        () => cardPort.find({ kind: 'iccidSuffix', value: iccid.slice(-10) }),
        () => cardPort.report(iccid),
        () => cardPort.packagesOnSale(iccid),
        () => cardPort.delivery('LKTEST'),
        () => payments.queryPayment('LKTEST'),
        () => payments.queryRefund('LKTEST'),
        () => identity.exchangeCode('code'),
      ]) {
        await expect(ask()).rejects.toBeInstanceOf(PlatformUnavailable);
      }
      const order = { iccid, packageId: '1', effective: 'now', openid: 'o', payBefore: 0 } as const;
      const amount = fen(100);
      for (const act of [
        () => payments.createPayment({ ...order, orderNumber: 'LKTEST', amount }),
        () => payments.closePayment('LKTEST'),
        () =>
          payments.refund({
            orderNumber: 'LKTEST',
            refundNumber: 'LR',
            paid: amount,
            amount,
            reason: 'x',
          }),
      ]) {
        expect(await act()).toMatchObject({ outcome: 'unknown' });
      }
    },
  );

  it.each(['paymentPostTimeout', 'appletPayTimeout'])(
    'of the kind %s is unknown, and asking again under the same number makes it good',
    async (fault) => {
      const order = await newOrder();
      await reconnect(1_000);
      await faults({ [fault]: true });
      expect(await shingsou.payments.createPayment(order)).toMatchObject({ outcome: 'unknown' });
      await faults({});
      await reconnect();
      expect(await atCashier(await createSheet(order), 'pay')).toBe('requestPayment:ok');
      expect(await shingsou.payments.queryPayment(order.orderNumber)).toMatchObject({
        state: 'paid',
        amount: order.amount,
      });
    },
  );
});
