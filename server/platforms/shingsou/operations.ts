import { z } from 'zod';

/**
 * The operations of 旭宇 IOT that Liuka calls: the one place to correct when the real platform differs.
 *
 * How sure each part is:
 * - FOUND: stated in the vendor's access document or visible in its developer portal's pictures.
 * - INFERRED: follows from what was found by a rule that holds wherever it could be checked, such as
 *   operation id `Xxx-Yyy` <-> path `/{prefix}/Xxx/Yyy`.
 * - ASSUMED: nothing public says it; this is our own definition, and the simulated platform shares it.
 *
 * ASSUMED for all: answers come as `{code, name, description, data}` with code 200 for success, as the
 * document's error tables (错误码表) suggest; money is yuan as text with two decimals; `effective` and
 * states are small integers as 大卡师, a sister platform, writes them; dates are Beijing time.
 */
type Certainty = 'FOUND' | 'INFERRED' | 'ASSUMED';

export interface Operation {
  /** The operation id in the developer portal. */
  id: string;
  /** The permission the access token must carry (权限码表), or the scope that includes it. */
  permission: string;
  method: 'GET' | 'POST';
  path: string;
  /** The query of a GET, the JSON body of a POST. */
  request: z.ZodObject;
  /** The `data` of the answer. */
  answer: z.ZodType;
  /** Whether calling it twice does no more than calling it once, so that it may be retried. */
  repeatable: boolean;
  certainty: { id: Certainty; permission: Certainty; path: Certainty; fields: Certainty };
}

const cardNo = z
  .string()
  .regex(/^[0-9A-Za-z]{1,32}$/)
  .describe('ICCID or access number');
const yuan = z.string().regex(/^\d{1,9}\.\d{2}$/);
const shortText = z.string().regex(/^\P{Cc}{1,200}$/u);
/** An id or a number the platform or WeChat gives. */
const reference = z.string().regex(/^\P{Cc}{1,64}$/u);
/** A thousand terabytes: whatever says more is damaged. */
const MOST_MB = 1e9;
const megabytes = z.number().min(0).max(MOST_MB);
const openId = z.string().regex(/^[0-9A-Za-z_-]{1,128}$/);
const localTime = z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
const localDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const page = { pageIndex: z.int().min(1), pageSize: z.int().min(1).max(100) };

/** The carrier as the vendor's own pages name it. */
const operatorName = z.string().max(32).describe('移动, 电信 or 联通');

const flowCard = z.object({
  iccid: z.string().max(32),
  accessNo: cardNo.nullable(),
  operator: operatorName,
});

const heldPackage = z.object({
  productId: reference,
  name: shortText,
  volumeMb: megabytes,
  startTime: localTime,
  endTime: localTime,
  state: z.int().describe('1 current, 2 expired, 3 not started'),
});

const product = z.object({
  id: reference,
  categoryId: reference,
  name: shortText,
  price: z
    .string()
    .max(32)
    .describe('Yuan with two decimals; one bad price hides one product only'),
  volume: shortText.describe('Label, such as 2GB'),
  volumeMb: megabytes,
  type: z.int().describe('1 basic, 2 add-on, 3 runs across months, 4 bonus'),
  months: z.int().min(1).max(120).describe('How many calendar months it runs'),
  effectives: z.array(z.int()).describe('0 at once, 1 from next month'),
});

const paymentRequest = z.object({
  orderNo: reference.describe('The number 旭宇 gives'),
  outTradeNo: reference.describe('Our order number'),
  totalAmount: yuan,
});

const trade = z.object({
  outTradeNo: reference,
  tradeState: z.enum(['NOTPAY', 'SUCCESS', 'REFUND', 'CLOSED']),
  transactionId: reference.nullable(),
  totalAmount: yuan,
  openId: openId.nullable(),
  timeEnd: localTime.nullable(),
});

const platformOrder = z.object({
  orderNo: reference,
  outTradeNo: reference,
  iccid: z.string().max(32),
  productId: reference,
  totalAmount: yuan,
  payState: z.int().describe('0 unpaid, 1 paid, 2 refunded, 3 closed'),
  deliverState: z.int().describe('0 not begun, 1 under way, 2 failed, 3 done'),
  failReason: shortText.nullable(),
  transactionId: reference.nullable(),
  createdAt: localTime,
  deliveredAt: localTime.nullable(),
});

const billItem = z.object({
  tradeState: z.enum(['SUCCESS', 'REFUND']),
  outTradeNo: reference,
  transactionId: reference,
  totalAmount: yuan.describe('What the order cost'),
  outRefundNo: reference.nullable(),
  refundAmount: yuan.describe('What a refund gives back; 0.00 for payments'),
  time: localTime,
});

const refundStatus = z.enum(['PROCESSING', 'SUCCESS', 'CLOSED', 'ABNORMAL']);

export const operations = {
  code2session: {
    id: 'wechatpay-code2session',
    permission: 'iot.paymentservice.all',
    method: 'GET',
    path: '/payment/v2/WechatPay/Code2Session',
    request: z.object({ code: z.string().min(1).max(256) }),
    answer: z.object({ openid: openId, session_key: z.string(), unionid: openId.nullish() }),
    repeatable: false,
    certainty: { id: 'FOUND', permission: 'ASSUMED', path: 'ASSUMED', fields: 'ASSUMED' },
  },
  productCategories: {
    id: 'product-categories',
    permission: 'iot.paymentservice.all',
    method: 'GET',
    path: '/payment/Product/Categories',
    request: z.object({ cardNo }),
    answer: z.array(z.object({ id: reference, name: shortText })),
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'ASSUMED', path: 'FOUND', fields: 'ASSUMED' },
  },
  products: {
    id: 'product-get',
    permission: 'iot.paymentservice.all',
    method: 'GET',
    path: '/payment/Product',
    request: z.object({ cardNo }),
    answer: z.array(product),
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'ASSUMED', path: 'INFERRED', fields: 'ASSUMED' },
  },
  flowCards: {
    id: 'flowcard-get',
    permission: 'iot.cardservice.flowcard.get',
    method: 'GET',
    path: '/cards/FlowCard',
    request: z.object({
      keyword: z.string().describe('The end of an ICCID, or an access number'),
      ...page,
    }),
    answer: z.object({ total: z.int(), items: z.array(flowCard) }),
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'FOUND', path: 'INFERRED', fields: 'ASSUMED' },
  },
  flowCardDetail: {
    id: 'flowcard-detail',
    permission: 'iot.cardservice.flowcard.detail',
    method: 'GET',
    path: '/cards/FlowCard/Detail',
    request: z.object({ cardNo }),
    answer: flowCard.extend({
      realName: z
        .int()
        .nullable()
        .describe('1 verified, 0 not, null where the carrier does not say'),
      expireTime: localDate.nullable().describe('The last day the card works'),
      packages: z.array(heldPackage),
    }),
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'FOUND', path: 'INFERRED', fields: 'ASSUMED' },
  },
  flowCardData: {
    id: 'flowcard-data',
    permission: 'iot.cardservice.flowcard.data',
    method: 'GET',
    path: '/cards/FlowCard/Data',
    request: z.object({ cardNo }),
    answer: z.object({
      totalMb: megabytes,
      usedMb: megabytes,
      leftMb: z.number().min(-MOST_MB).max(MOST_MB).describe('Below zero where more was used'),
      updatedAt: localTime,
    }),
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'FOUND', path: 'INFERRED', fields: 'ASSUMED' },
  },
  flowCardStatus: {
    id: 'flowcard-status',
    permission: 'iot.cardservice.flowcard.status',
    method: 'GET',
    path: '/cards/FlowCard/Status',
    request: z.object({ cardNo }),
    answer: z.object({
      status: z
        .string()
        .regex(/^[\w-]{1,32}$/)
        .describe("A code of the carrier's table (卡状态表)"),
    }),
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'FOUND', path: 'INFERRED', fields: 'ASSUMED' },
  },
  createPayment: {
    id: 'payment-post',
    permission: 'iot.paymentservice.all',
    method: 'POST',
    path: '/payment/Payment',
    request: z.object({
      outTradeNo: reference,
      cardNo,
      productId: reference,
      effective: z.int().describe('0 at once, 1 from next month'),
      totalAmount: yuan,
      notifyUrl: z.url(),
      payType: z
        .int()
        .optional()
        .describe(
          "ASSUMED: left out, the customer pays; 1, it is paid from the shop's prepaid balance with 旭宇 and delivered at once",
        ),
    }),
    answer: paymentRequest,
    // ASSUMED: the same number with the same content answers the same order; with other content it is refused.
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'ASSUMED', path: 'INFERRED', fields: 'ASSUMED' },
  },
  appletPay: {
    id: 'wechatpay-appletpay',
    permission: 'iot.payment.wechatpay.appletpay',
    method: 'POST',
    path: '/payment/v2/WechatPay/AppletPay',
    request: z.object({
      orderNo: reference.describe('The number 旭宇 gave'),
      openId,
      timeExpire: localTime.describe('When the order can no longer be paid'),
    }),
    answer: z.object({
      // The forms are those of wx.requestPayment in the v2 signing (小程序支付, 调起支付API).
      appId: reference,
      timeStamp: z.string().regex(/^\d{10}$/),
      nonceStr: z.string().regex(/^[0-9A-Za-z]{1,32}$/),
      package: z.string().regex(/^prepay_id=[\x21-\x7e]{1,120}$/),
      signType: z.enum(['MD5', 'HMAC-SHA256']),
      paySign: z.string().regex(/^[0-9A-F]{32}(?:[0-9A-F]{32})?$/),
    }),
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'FOUND', path: 'ASSUMED', fields: 'ASSUMED' },
  },
  queryPayment: {
    id: 'wechatpay-query',
    permission: 'iot.payment.wechatpay.query',
    method: 'GET',
    path: '/payment/v2/WechatPay/Query',
    request: z.object({ outTradeNo: reference }),
    answer: trade,
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'FOUND', path: 'ASSUMED', fields: 'ASSUMED' },
  },
  closePayment: {
    id: 'wechatpay-close',
    permission: 'iot.payment.wechatpay.close',
    method: 'POST',
    path: '/payment/v2/WechatPay/Close',
    request: z.object({ outTradeNo: reference }),
    answer: z.object({ outTradeNo: reference }),
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'FOUND', path: 'ASSUMED', fields: 'ASSUMED' },
  },
  refund: {
    id: 'wechatpay-refund',
    permission: 'iot.payment.wechatpay.refund',
    method: 'POST',
    path: '/payment/v2/WechatPay/Refund',
    request: z.object({
      outTradeNo: reference,
      outRefundNo: reference,
      totalAmount: yuan,
      refundAmount: yuan,
      reason: z.string(),
    }),
    answer: z.object({ outRefundNo: reference, refundAmount: yuan, status: refundStatus }),
    // The same refund number never pays back twice (WeChat Pay, 申请退款).
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'FOUND', path: 'ASSUMED', fields: 'ASSUMED' },
  },
  queryRefund: {
    id: 'wechatpay-refundquery',
    permission: 'iot.payment.wechatpay.refundquery',
    method: 'GET',
    path: '/payment/v2/WechatPay/RefundQuery',
    request: z.object({ outRefundNo: reference }),
    answer: z.object({ outRefundNo: reference, refundAmount: yuan, status: refundStatus }),
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'FOUND', path: 'ASSUMED', fields: 'ASSUMED' },
  },
  orders: {
    id: 'order-get',
    permission: 'iot.paymentservice.order.get',
    method: 'GET',
    path: '/payment/Order',
    request: z.object({
      outTradeNo: reference.optional(),
      startTime: localTime
        .optional()
        .describe('With endTime instead of a number: made at or after'),
      endTime: localTime.optional().describe('Made before'),
      ...page,
    }),
    answer: z.object({ total: z.int().min(0), items: z.array(platformOrder) }),
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'FOUND', path: 'INFERRED', fields: 'ASSUMED' },
  },
  downloadBill: {
    id: 'wechatpay-billdownload',
    permission: 'iot.payment.wechatpay.billdownload',
    method: 'GET',
    path: '/payment/v2/WechatPay/BillDownload',
    request: z.object({ billDate: z.string().regex(/^\d{8}$/), ...page }),
    answer: z.object({ total: z.int().min(0), items: z.array(billItem) }),
    repeatable: true,
    certainty: { id: 'FOUND', permission: 'FOUND', path: 'ASSUMED', fields: 'ASSUMED' },
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

/** The envelope around every answer (ASSUMED, from 错误码表). */
export const envelope = z.object({
  code: z.int(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  data: z.unknown().optional(),
});

/**
 * Business refusals, by the envelope's `name`. `NotFound` (404) and `UnprocessableEntity` (422) stand in
 * the document's table (错误码表, 全局); the others are WeChat's own error codes, which the gateway is
 * ASSUMED to pass on as `name` with code 422. The table's `ExpectationFailed` (417) is not among them: it
 * reads 服务器内部错误, so what came of the call is unknown. So it is for every name not listed here, such
 * as WeChat's SYSTEMERROR.
 */
export const refusalNames = [
  'NotFound',
  'UnprocessableEntity',
  'ORDERPAID',
  'ORDERCLOSED',
  'ORDERNOTEXIST',
  'INVALID_REQUEST',
  'NOTENOUGH',
  'REFUNDNOTEXIST',
  'INVALID_CODE',
  'CODE_BLOCKED',
  'NO_STATEMENT_EXIST',
] as const;
export type RefusalName = (typeof refusalNames)[number];

/** Header names of the gateway (FOUND: developer portal, operation pages). */
export const gatewayHeaders = {
  subscriptionKey: 'ocp-apim-subscription-key',
  authorization: 'authorization',
} as const;
