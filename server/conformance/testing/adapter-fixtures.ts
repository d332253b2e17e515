import { createPrivateKey, createPublicKey, createSecretKey } from 'node:crypto';
import type { CardNumber } from '@shared/card-number';
import { fen } from '@shared/money';
import { createDakashi } from '../../platforms/dakashi';
import type { Dialect } from '../../platforms/dakashi';
import { createMxchip } from '../../platforms/mxchip';
import type {
  CardPlatform,
  DevicePlatform,
  IdentityProvider,
  PackageOrder,
  PaymentGateway,
  PaymentOrder,
} from '../../platforms/ports';
import { createShingsou } from '../../platforms/shingsou';
import { startSimulatedPlatforms } from '../../platforms/testing/simulated-platforms';
import type { SimulatedPlatforms } from '../../platforms/testing/simulated-platforms';
import { createWechat } from '../../platforms/wechat';
import { createWechatPay } from '../../platforms/wechatpay';
import { createAnswerLog, cheapestOffer } from '../index';
import type { AnswerLog, CardFacts, DeviceFacts, PaymentFacts } from '../index';
import { orderedStart } from '../../platforms/testing/ordered-start';

/** An adapter connected to its simulated platform, with the facts its suites need. */
export interface AdapterFixture {
  log: AnswerLog;
  cards?: { subject: CardPlatform; facts: CardFacts };
  payments?: { subject: PaymentGateway; facts: PaymentFacts };
  devices?: { subject: DevicePlatform; facts: DeviceFacts };
  close(): Promise<void>;
}

const DAY_S = 24 * 60 * 60;
const NOTIFY_URL = 'http://127.0.0.1:9/notifications';
const limits = { totalTimeout: 10_000, retryPause: 5, breakAfter: 100_000 };
const unknownNumbers: CardNumber[] = [
  { kind: 'iccid', value: '89860099999999999999' },
  { kind: 'accessNumber', value: '1999999999999' },
];

/** The simulated platforms, and a clock in sync with theirs. */
async function startSimulation() {
  const platforms = await startSimulatedPlatforms();
  let ahead = 0;
  async function wait(milliseconds: number): Promise<void> {
    await platforms.advanceClock(Math.ceil(milliseconds / 1000));
    ahead = (await platforms.now()) - Date.now();
  }
  return { platforms, wait, clock: () => Date.now() + ahead };
}

type Simulation = Awaited<ReturnType<typeof startSimulation>>;

/** The facts about a platform's first card, with a package to order. */
async function cardFacts(
  cards: CardPlatform,
  { wait, clock }: Simulation,
  numbers: readonly [CardNumber, ...CardNumber[]],
): Promise<CardFacts> {
  const [card] = await cards.find(numbers[0]);
  const offer = card && cheapestOffer((await cards.packagesOnSale(card.ref)).offers);
  if (!card || !offer) throw new Error('the sandbox has no card with a package');
  const order: PackageOrder = {
    orderNumber: 'LKCONFORM0001',
    cardRef: card.ref,
    packageId: offer.id,
    ...orderedStart('now', clock()),
    amount: offer.price ?? offer.cost ?? fen(0),
  };
  return {
    clock,
    numbers,
    unknownNumbers,
    unusedNumber: 'LKCONFORM9999',
    orderNumber: undefined,
    purchase: { order, wait },
  };
}

/** The facts about an order paid two days before the checks, and about one that is not paid. */
async function paymentFacts(
  payments: PaymentGateway,
  simulation: Simulation,
  { identity, cards }: { identity: IdentityProvider; cards: CardPlatform },
): Promise<PaymentFacts> {
  const { platforms, clock, wait } = simulation;
  const login = await identity.exchangeCode(await platforms.createLoginCode());
  const cardRef = platforms.cards[0]?.iccid ?? '';
  const offer = cheapestOffer((await cards.packagesOnSale(cardRef)).offers);
  if (login.outcome !== 'done' || !offer?.price) throw new Error('the sandbox sells nothing');
  const order: PaymentOrder = {
    orderNumber: 'LKCONFPAID01',
    cardRef,
    packageId: offer.id,
    packageName: offer.name,
    ...orderedStart('now', clock()),
    amount: offer.price,
    openid: login.openid,
    payBefore: Math.floor(clock() / 1000) * 1000 + 30 * 60_000,
  };
  const paymentRequest = await payments.createPayment(order);
  if (paymentRequest.outcome !== 'done') throw new Error(paymentRequest.message);
  await platforms.completePayment(paymentRequest.value, 'pay');
  const paid = await payments.queryPayment(order.orderNumber);
  if (paid.state !== 'paid') throw new Error(paid.state);
  await wait(2 * DAY_S * 1000);
  const payBefore = Math.floor(clock() / 1000) * 1000 + 30 * 60_000;
  return {
    clock,
    wait,
    unusedNumber: 'LKCONFORM9999',
    paidNumber: order.orderNumber,
    order: { ...order, orderNumber: 'LKCONFOPEN01', payBefore },
    refund: {
      orderNumber: order.orderNumber,
      transactionId: paid.transactionId,
      refundNumber: 'LKCONFBACK01',
      paid: paid.amount,
      amount: fen(1),
      reason: '契约检查',
    },
  };
}

function connectShingsou({ platforms, clock }: Simulation, log: AnswerLog) {
  const { setting } = platforms;
  return createShingsou({
    idsUrl: setting('SHINGSOU_IDS_URL'),
    apiUrl: setting('SHINGSOU_API_URL'),
    clientId: setting('SHINGSOU_CLIENT_ID'),
    clientSecret: setting('SHINGSOU_CLIENT_SECRET'),
    subscriptionKey: setting('SHINGSOU_SUBSCRIPTION_KEY'),
    scope: setting('SHINGSOU_SCOPE'),
    appId: setting('WECHAT_APP_ID'),
    notifyUrl: NOTIFY_URL,
    onAnswer: log.observe,
    clock,
    limits,
  });
}

export async function startShingsouFixture(): Promise<AdapterFixture> {
  const simulation = await startSimulation();
  const log = createAnswerLog();
  const shingsou = connectShingsou(simulation, log);
  const { cards, payments } = shingsou;
  const facts = await paymentFacts(payments, simulation, shingsou);
  const iccid = facts.order?.cardRef ?? '';
  const known = await cardFacts(cards, simulation, [{ kind: 'iccid', value: iccid }]);
  return {
    log,
    cards: { subject: cards, facts: { ...known, orderNumber: facts.paidNumber } },
    payments: { subject: payments, facts },
    close: () => closeAll([shingsou, simulation.platforms]),
  };
}

/** All numbers of the first card. No answer contains the first one, the full ICCID. */
async function dakashiNumbers({
  setting,
}: SimulatedPlatforms): Promise<[CardNumber, ...CardNumber[]]> {
  const response = await fetch(`${setting('DAKASHI_URL')}/sandbox/dakashi`);
  const { cards } = (await response.json()) as {
    cards: { serialNo: string; customNo: string; iccid: string }[];
  };
  const [card] = cards;
  if (!card) throw new Error('the sandbox has no cards');
  return [
    { kind: 'iccid', value: card.iccid },
    { kind: 'iccidSuffix', value: card.iccid.slice(-10) },
    { kind: 'customNumber', value: card.serialNo },
    { kind: 'customNumber', value: card.customNo },
  ];
}

export async function startDakashiFixture(dialect: Dialect): Promise<AdapterFixture> {
  const simulation = await startSimulation();
  const log = createAnswerLog();
  const { setting } = simulation.platforms;
  const dakashi = createDakashi({
    url: setting('DAKASHI_URL'),
    clientId: setting('DAKASHI_CLIENT_ID'),
    clientSecret: setting('DAKASHI_CLIENT_SECRET'),
    throttle: { interval: 30, rateLimitPause: 10 },
    onAnswer: log.observe,
    dialect,
    limits,
    clock: simulation.clock,
  });
  const facts = await cardFacts(
    dakashi.cards,
    simulation,
    await dakashiNumbers(simulation.platforms),
  );
  return {
    log,
    cards: { subject: dakashi.cards, facts },
    close: () => closeAll([dakashi, simulation.platforms]),
  };
}

function connectWechatPay({ platforms, clock }: Simulation, log: AnswerLog) {
  const { setting } = platforms;
  return createWechatPay({
    url: setting('WECHATPAY_URL'),
    appId: setting('WECHAT_APP_ID'),
    mchId: setting('WECHATPAY_MCH_ID'),
    serial: setting('WECHATPAY_SERIAL'),
    privateKey: createPrivateKey(setting('WECHATPAY_PRIVATE_KEY')),
    apiV3Key: createSecretKey(setting('WECHATPAY_API_V3_KEY'), 'utf8'),
    publicKey: {
      id: setting('WECHATPAY_PUBLIC_KEY_ID'),
      key: createPublicKey(setting('WECHATPAY_PUBLIC_KEY')),
    },
    isOwnOrderNumber: (orderNumber) => orderNumber.startsWith('LK'),
    notifyUrl: NOTIFY_URL,
    onAnswer: log.observe,
    clock,
    limits,
  });
}

export async function startWechatPayFixture(): Promise<AdapterFixture> {
  const simulation = await startSimulation();
  const { setting } = simulation.platforms;
  const wechat = createWechat({
    apiUrl: setting('WECHAT_API_URL'),
    appId: setting('WECHAT_APP_ID'),
    appSecret: setting('WECHAT_APP_SECRET'),
    clock: simulation.clock,
    limits,
  });
  const log = createAnswerLog();
  const pay = connectWechatPay(simulation, log);
  const shingsou = connectShingsou(simulation, createAnswerLog());
  const shop = { identity: wechat.identity, cards: shingsou.cards };
  return {
    log,
    payments: { subject: pay.payments, facts: await paymentFacts(pay.payments, simulation, shop) },
    close: () => closeAll([pay, wechat, shingsou, simulation.platforms]),
  };
}

/** The first device, which is bound to several people. */
async function firstDevice({ setting }: SimulatedPlatforms): Promise<string> {
  const response = await fetch(`${setting('MXCHIP_URL')}/sandbox/devices`);
  const { items } = (await response.json()) as { items: { id: string }[] };
  const [device] = items;
  if (!device) throw new Error('the sandbox has no devices');
  return device.id;
}

export async function startMxchipFixture(): Promise<AdapterFixture> {
  const simulation = await startSimulation();
  const log = createAnswerLog();
  const { setting } = simulation.platforms;
  const mxchip = createMxchip({
    url: setting('MXCHIP_URL'),
    clientId: setting('MXCHIP_CLIENT_ID'),
    clientSecret: setting('MXCHIP_CLIENT_SECRET'),
    onAnswer: log.observe,
    clock: simulation.clock,
    limits,
  });
  const deviceId = await firstDevice(simulation.platforms);
  const unknownDeviceId = '00000000-0000-1000-9000-000000000000';
  const facts = {
    clock: simulation.clock,
    unknownDeviceId,
    deviceId,
    unbindableDeviceId: deviceId,
  };
  return {
    log,
    devices: { subject: mxchip.devices, facts },
    close: () => closeAll([mxchip, simulation.platforms]),
  };
}

async function closeAll(all: readonly { close(): Promise<void> }[]): Promise<void> {
  for (const each of all) await each.close();
}
