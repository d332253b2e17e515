import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  createSign,
  createVerify,
  randomUUID,
  type KeyObject,
} from 'node:crypto';
import type { TestSandbox } from './start-sandbox';

/**
 * A merchant's client of WeChat Pay's API v3, written from its documents with node:crypto and independent of
 * the sandbox's code: signatures and encryption are checked by another implementation.
 */

export interface PayResponse {
  status: number;
  headers: Headers;
  text: string;
  body: unknown;
}

/** The fields of the Authorization header, without the signature. */
interface SigningParts {
  scheme: string;
  mchid: string;
  nonce_str: string;
  timestamp: string;
  serial_no: string;
  /** The body that is signed, if it differs from the one that is sent. */
  signedBody: string;
  signedUrl: string;
  headers: Record<string, string>;
}

export interface Resource {
  algorithm: string;
  ciphertext: string;
  nonce: string;
  associated_data: string;
  original_type?: string;
}

/** An address on which nothing listens. */
const UNREACHABLE_URL = 'http://127.0.0.1:9/notifications';

const seconds = (instant: number) => String(Math.floor(instant / 1000));

/** Whether the headers have a signature of this key over the text (验证签名). */
export function hasValidSignature(
  key: KeyObject,
  read: (name: string) => string,
  text: string,
): boolean {
  const message = `${read('wechatpay-timestamp')}\n${read('wechatpay-nonce')}\n${text}\n`;
  const verify = createVerify('RSA-SHA256').update(message);
  return verify.verify(key, read('wechatpay-signature'), 'base64');
}

/** Decrypts a resource of API v3. @throws Error if key, nonce or associated data are wrong */
export function decrypt(key: string, resource: Resource): string {
  const data = Buffer.from(resource.ciphertext, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, resource.nonce);
  decipher.setAAD(Buffer.from(resource.associated_data));
  decipher.setAuthTag(data.subarray(-16));
  return Buffer.concat([decipher.update(data.subarray(0, -16)), decipher.final()]).toString();
}

export async function createWechatPayClient(sandbox: TestSandbox, notifyUrl = UNREACHABLE_URL) {
  const setting = (name: string) => sandbox.settings[name] ?? '';
  const key = createPrivateKey(setting('WECHATPAY_PRIVATE_KEY'));
  const platformKey = createPublicKey(setting('WECHATPAY_PUBLIC_KEY'));
  const [appid, mchid] = [setting('WECHAT_APP_ID'), setting('WECHATPAY_MCH_ID')];
  let orders = 0;

  async function signIn(user?: string): Promise<string> {
    const { body } = await sandbox.control('POST', 'wechat/login', user ? { user } : {});
    const query = new URLSearchParams({
      appid,
      secret: setting('WECHAT_APP_SECRET'),
      js_code: (body as { code: string }).code,
      grant_type: 'authorization_code',
    });
    const answer = await fetch(`${sandbox.url}/sns/jscode2session?${String(query)}`);
    return ((await answer.json()) as { openid: string }).openid;
  }

  async function authorization(
    method: string,
    url: string,
    body: string,
    changes: Partial<SigningParts>,
  ): Promise<string> {
    const {
      scheme = 'WECHATPAY2-SHA256-RSA2048',
      signedBody = body,
      signedUrl = url,
      headers: _headers,
      ...others
    } = changes;
    const parts = {
      mchid,
      nonce_str: randomUUID().replaceAll('-', ''),
      timestamp: seconds(await sandbox.now()),
      serial_no: setting('WECHATPAY_SERIAL'),
      ...others,
    };
    const message = [method, signedUrl, parts.timestamp, parts.nonce_str, signedBody, ''].join(
      '\n',
    );
    const signature = createSign('RSA-SHA256').update(message).sign(key, 'base64');
    const given = Object.entries({ ...parts, signature }).map(
      ([name, value]) => `${name}="${value}"`,
    );
    return `${scheme} ${given.join(',')}`;
  }

  async function send(
    method: 'GET' | 'POST',
    url: string,
    body: string,
    changes: Partial<SigningParts> = {},
    signal?: AbortSignal,
  ): Promise<PayResponse> {
    const response = await fetch(`${sandbox.url}${url}`, {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': 'test',
        'content-type': 'application/json',
        authorization: await authorization(method, url, body, changes),
        ...changes.headers,
      },
      ...(method === 'POST' && { body }),
      ...(signal && { signal }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    const parsed: unknown = isJson ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, body: parsed };
  }

  const get = (url: string, changes?: Partial<SigningParts>) => send('GET', url, '', changes);
  const post = (url: string, body: unknown, changes?: Partial<SigningParts>) =>
    send('POST', url, typeof body === 'string' ? body : JSON.stringify(body), changes);

  const openid = await signIn();

  /** A request for an order of 18 yuan. */
  function newOrderRequest(changes: object = {}) {
    orders += 1;
    return {
      appid,
      mchid,
      description: '流卡流量充值 2GB',
      out_trade_no: `PAY-ORDER-${String(orders).padStart(6, '0')}`,
      notify_url: notifyUrl,
      amount: { total: 1800, currency: 'CNY' },
      payer: { openid },
      ...changes,
    };
  }

  const jsapi = (request: object, changes?: Partial<SigningParts>) =>
    post('/v3/pay/transactions/jsapi', request, changes);

  /** The parameters of the payment sheet, signed by the merchant (小程序调起支付). */
  async function signPaymentRequest(prepayId: string) {
    const parts = {
      timeStamp: seconds(await sandbox.now()),
      nonceStr: randomUUID().replaceAll('-', ''),
      package: `prepay_id=${prepayId}`,
    };
    const message = [appid, parts.timeStamp, parts.nonceStr, parts.package, ''].join('\n');
    const paySign = createSign('RSA-SHA256').update(message).sign(key, 'base64');
    return { ...parts, signType: 'RSA', paySign };
  }

  /** Creates an order with payment parameters. */
  async function createPreparedOrder(changes: object = {}) {
    const request = newOrderRequest(changes);
    const { status, body, text } = await jsapi(request);
    if (status !== 200) throw new Error(`refused: ${text}`);
    const paymentRequest = await signPaymentRequest((body as { prepay_id: string }).prepay_id);
    return { ...request, number: request.out_trade_no, sheet: paymentRequest };
  }

  async function submitCashier(request: object): Promise<string> {
    const answer = await sandbox.control('POST', 'wechat/cashier', request);
    return (answer.body as { errMsg: string }).errMsg;
  }

  async function createPaidOrder(changes: object = {}) {
    const order = await createPreparedOrder(changes);
    const errMsg = await submitCashier({ ...order.sheet, action: 'pay' });
    if (errMsg !== 'requestPayment:ok') throw new Error(errMsg);
    return order;
  }

  const query = (number: string) =>
    get(`/v3/pay/transactions/out-trade-no/${number}?mchid=${mchid}`);
  const newRefundRequest = (number: string, changes: object = {}) => ({
    out_trade_no: number,
    out_refund_no: 'REFUND-1',
    notify_url: notifyUrl,
    amount: { refund: 1800, total: 1800, currency: 'CNY' },
    ...changes,
  });

  return {
    mchid,
    appid,
    openid,
    platformKey,
    apiV3Key: setting('WECHATPAY_API_V3_KEY'),
    signIn,
    send,
    get,
    post,
    newOrderRequest,
    jsapi,
    signPaymentRequest,
    createPreparedOrder,
    submitCashier,
    createPaidOrder,
    query,
    queryTransaction: (id: string) => get(`/v3/pay/transactions/id/${id}?mchid=${mchid}`),
    close: (number: string) => post(`/v3/pay/transactions/out-trade-no/${number}/close`, { mchid }),
    newRefundRequest,
    refund: (number: string, changes: object = {}) =>
      post('/v3/refund/domestic/refunds', newRefundRequest(number, changes)),
    queryRefund: (number: string) => get(`/v3/refund/domestic/refunds/${number}`),
    /** The id of the key that signed a response, if the signature is valid. */
    verifiedSerial({ headers, text }: PayResponse): string | undefined {
      const read = (name: string) => headers.get(name) ?? '';
      return hasValidSignature(platformKey, read, text) ? read('wechatpay-serial') : undefined;
    },
    /** Status and code of an error. */
    errorOf: async (reply: Promise<PayResponse>): Promise<[number, unknown]> => {
      const { status, body } = await reply;
      return [status, (body as { code?: unknown } | undefined)?.code];
    },
  };
}

export type WechatPayClient = Awaited<ReturnType<typeof createWechatPayClient>>;
