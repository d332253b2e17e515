import { beijingDateTime } from '@shared/beijing-time';
import type { TestResponse, TestCard, TestProduct, TestSandbox } from './start-sandbox';

/** The `data` of appletpay. */
export interface PaymentRequest {
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

export interface QueriedTrade {
  tradeState: string;
  totalAmount: string;
  transactionId: string | null;
  openId: string | null;
  timeEnd: string | null;
}

/** An address on which nothing listens. */
const UNREACHABLE_URL = 'http://127.0.0.1:9/notifications';
const PAYMENT_WINDOW_MS = 30 * 60_000;

/** A merchant of the sandbox's 旭宇: creates orders and brings them to a state that a test starts from. */
export async function createShingsouClient(sandbox: TestSandbox, notifyUrl = UNREACHABLE_URL) {
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

  /** The request of an order for a card's first product. */
  async function newOrderRequest(changes: { card?: TestCard; productId?: string } = {}) {
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

  const createPaymentRequest = async (
    orderNo: string,
    changes: object = {},
  ): Promise<TestResponse> =>
    sandbox.post('/payment/v2/WechatPay/AppletPay', {
      orderNo,
      openId: openid,
      timeExpire: beijingDateTime((await sandbox.now()) + PAYMENT_WINDOW_MS),
      ...changes,
    });

  /** Creates an order with payment parameters. */
  async function createPreparedOrder(
    changes: { card?: TestCard; productId?: string; effective?: number } = {},
  ) {
    const { effective = 0, ...rest } = changes;
    const order = { ...(await newOrderRequest(rest)), effective };
    const { orderNo } = await register(order);
    const paymentRequest = await sandbox.data<PaymentRequest>(createPaymentRequest(orderNo));
    return { ...order, orderNo, sheet: paymentRequest };
  }

  async function submitCashier(request: object): Promise<string> {
    const answer = await sandbox.control('POST', 'wechat/cashier', request);
    return (answer.body as { errMsg: string }).errMsg;
  }

  async function createPaidOrder(changes: Parameters<typeof createPreparedOrder>[0] = {}) {
    const order = await createPreparedOrder(changes);
    await submitCashier({ package: order.sheet.package, action: 'pay' });
    return order;
  }

  return {
    firstCard,
    openid,
    newOrderRequest,
    register,
    createPaymentRequest,
    createPreparedOrder,
    submitCashier,
    createPaidOrder,
    query: (outTradeNo: string) =>
      sandbox.data<QueriedTrade>(sandbox.get('/payment/v2/WechatPay/Query', { outTradeNo })),
    close: (outTradeNo: string) => sandbox.post('/payment/v2/WechatPay/Close', { outTradeNo }),
    refund: (request: object) => sandbox.post('/payment/v2/WechatPay/Refund', request),
    async findListedOrder(outTradeNo: string): Promise<ListedOrder> {
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

export type ShingsouClient = Awaited<ReturnType<typeof createShingsouClient>>;
