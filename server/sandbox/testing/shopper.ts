import { beijingDateTime } from '@shared/beijing-time';
import type { Answer, TestCard, TestProduct, TestSandbox } from './start-sandbox';

/** The `data` of appletpay. */
export interface Sheet {
  appId: string;
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: string;
  paySign: string;
}

export interface ListedOrder {
  payState: number;
  deliverState: number;
  failReason: string | null;
  createdAt: string;
  deliveredAt: string | null;
}

export interface Trade {
  tradeState: string;
  totalAmount: string;
  transactionId: string | null;
  openId: string | null;
  timeEnd: string | null;
}

/** Nothing listens there. */
const NOWHERE = 'http://127.0.0.1:9/notifications';
const PAY_WITHIN_MS = 30 * 60_000;

/** A merchant's dealings with the sandbox, step by step, for tests of what comes after. */
export async function createShopper(sandbox: TestSandbox, notifyUrl = NOWHERE) {
  const [firstCard] = await sandbox.cards();
  if (!firstCard) throw new Error('the sandbox has no cards');
  const { body } = await sandbox.control('POST', 'wechat/login', {});
  const { code } = body as { code: string };
  const { openid } = await sandbox.data<{ openid: string }>(
    sandbox.get('/payment/v2/WechatPay/Code2Session', { code }),
  );
  let orders = 0;

  async function productOf(card: TestCard, id?: string): Promise<TestProduct> {
    const products = await sandbox.products(card.iccid);
    const product = id === undefined ? products[0] : products.find((one) => one.id === id);
    if (!product) throw new Error('the card has no such product');
    return product;
  }

  /** The content of an order for a card's first product. */
  async function content(changes: { card?: TestCard; productId?: string } = {}) {
    const card = changes.card ?? firstCard;
    if (!card) throw new Error('no card');
    const product = await productOf(card, changes.productId);
    orders += 1;
    return {
      outTradeNo: `TEST-ORDER-${String(orders).padStart(6, '0')}`,
      cardNo: card.iccid,
      productId: product.id,
      effective: 0,
      totalAmount: product.price,
      notifyUrl,
    };
  }

  const register = async (order: object) =>
    sandbox.data<{ orderNo: string; outTradeNo: string; totalAmount: string }>(
      sandbox.post('/payment/Payment', order),
    );

  const askSheet = async (orderNo: string, changes: object = {}): Promise<Answer> =>
    sandbox.post('/payment/v2/WechatPay/AppletPay', {
      orderNo,
      openId: openid,
      timeExpire: beijingDateTime((await sandbox.now()) + PAY_WITHIN_MS),
      ...changes,
    });

  /** An order a payment sheet can be opened for. */
  async function prepared(
    changes: { card?: TestCard; productId?: string; effective?: number } = {},
  ) {
    const { effective = 0, ...rest } = changes;
    const order = { ...(await content(rest)), effective };
    const { orderNo } = await register(order);
    const sheet = await sandbox.data<Sheet>(askSheet(orderNo));
    return { ...order, orderNo, sheet };
  }

  async function cashier(request: object): Promise<string> {
    const answer = await sandbox.control('POST', 'wechat/cashier', request);
    return (answer.body as { errMsg: string }).errMsg;
  }

  async function paid(changes: Parameters<typeof prepared>[0] = {}) {
    const order = await prepared(changes);
    await cashier({ package: order.sheet.package, action: 'pay' });
    return order;
  }

  return {
    card: firstCard,
    openid,
    content,
    register,
    askSheet,
    prepared,
    cashier,
    paid,
    query: (outTradeNo: string) =>
      sandbox.data<Trade>(sandbox.get('/payment/v2/WechatPay/Query', { outTradeNo })),
    close: (outTradeNo: string) => sandbox.post('/payment/v2/WechatPay/Close', { outTradeNo }),
    refund: (request: object) => sandbox.post('/payment/v2/WechatPay/Refund', request),
    async listed(outTradeNo: string): Promise<ListedOrder> {
      const query = { outTradeNo, pageIndex: '1', pageSize: '10' };
      const { items } = await sandbox.data<{ items: ListedOrder[] }>(
        sandbox.get('/payment/Order', query),
      );
      const [order] = items;
      if (!order) throw new Error(`${outTradeNo} is not listed`);
      return order;
    },
  };
}

export type Shopper = Awaited<ReturnType<typeof createShopper>>;
