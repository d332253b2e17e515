import type { PaymentOrder } from '../../ports';
import { startSimulatedPlatforms } from '../../testing/simulated-platforms';
import type { SimulatedCard, SimulatedPlatforms } from '../../testing/simulated-platforms';
import { createShingsou } from '../index';
import type { Shingsou } from '../index';
import { orderedStart } from '../../testing/ordered-start';

/** The adapter connected to the simulated platform, with the steps of a shop. */
export interface ShopFixture {
  platforms: SimulatedPlatforms;
  /** The current adapter. `reconnect` replaces it. */
  readonly shingsou: Shingsou;
  reconnect(change?: { totalTimeout?: number; notifyUrl?: string }): Promise<void>;
  demoCard(): SimulatedCard;
  signIn(): Promise<string>;
  /** Signs a new user in, and returns an order of that user for the first card. */
  newOrder(): Promise<PaymentOrder>;
  createPaymentRequest(order: PaymentOrder): Promise<object>;
  paidOrder(): Promise<PaymentOrder>;
  close(): Promise<void>;
}

interface ConnectOptions {
  totalTimeout?: number;
  notifyUrl?: string;
}

function connect({ setting }: SimulatedPlatforms, change: ConnectOptions = {}): Shingsou {
  const { totalTimeout = 10_000, notifyUrl = 'http://127.0.0.1:9/notifications' } = change;
  return createShingsou({
    idsUrl: setting('SHINGSOU_IDS_URL'),
    apiUrl: setting('SHINGSOU_API_URL'),
    clientId: setting('SHINGSOU_CLIENT_ID'),
    clientSecret: setting('SHINGSOU_CLIENT_SECRET'),
    subscriptionKey: setting('SHINGSOU_SUBSCRIPTION_KEY'),
    scope: setting('SHINGSOU_SCOPE'),
    appId: setting('WECHAT_APP_ID'),
    notifyUrl,
    clock: Date.now,
    limits: { totalTimeout, retryPause: 5, breakAfter: 100_000 },
  });
}

let lastNumber = 0;

export async function startShopFixture(): Promise<ShopFixture> {
  const platforms = await startSimulatedPlatforms();
  let shingsou = connect(platforms);

  function demoCard(): SimulatedCard {
    const [card] = platforms.cards;
    if (card === undefined) throw new Error('the sandbox has no cards');
    return card;
  }

  async function signIn(): Promise<string> {
    const result = await shingsou.identity.exchangeCode(await platforms.createLoginCode());
    if (result.outcome !== 'done') throw new Error(result.reason);
    return result.openid;
  }

  async function newOrder(): Promise<PaymentOrder> {
    const { offers } = await shingsou.cards.packagesOnSale(demoCard().iccid);
    const offer = offers.find(({ effective }) => effective.includes('now'));
    if (!offer?.price) throw new Error('nothing on sale');
    lastNumber += 1;
    return {
      orderNumber: `LKTEST${String(lastNumber).padStart(8, '0')}`,
      cardRef: demoCard().iccid,
      packageId: offer.id,
      packageName: offer.name,
      ...orderedStart('now', await platforms.now()),
      amount: offer.price,
      openid: await signIn(),
      payBefore: Math.floor((await platforms.now()) / 1000) * 1000 + 30 * 60_000,
    };
  }

  async function createSheet(order: PaymentOrder): Promise<object> {
    const result = await shingsou.payments.createPayment(order);
    if (result.outcome !== 'done') throw new Error(result.message);
    return result.value;
  }

  return {
    platforms,
    get shingsou() {
      return shingsou;
    },
    async reconnect(change) {
      await shingsou.close();
      shingsou = connect(platforms, change);
    },
    demoCard,
    signIn,
    newOrder,
    createPaymentRequest: createSheet,
    async paidOrder() {
      const order = await newOrder();
      const result = await platforms.completePayment(await createSheet(order), 'pay');
      if (result !== 'requestPayment:ok') throw new Error(result);
      return order;
    },
    async close() {
      await shingsou.close();
      await platforms.close();
    },
  };
}
