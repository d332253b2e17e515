import { z } from 'zod';
import type { PlatformOperation } from '../platform-operation';
import {
  dayOrNull,
  decimalText,
  megabytes,
  megabytesOrNull,
  nameText,
  optionalPart,
  readablePart,
  signedMegabytes,
} from '../answer-fields';
import { numberOrNull, orNull, phpList, smallNumber, textLike } from './field-schemas';

/**
 * The operations of 大卡师 (qwtong). If the real platform differs, correct this table.
 *
 * Two documents describe it. The older one (`seed`, v1.0.0.20170301) calls the account `client_id` and contains
 * only member/info, whose answer is the month's total volume. The later one (`2017`, V1.0.0.201711071541,
 * published as lequduo/api-doc) calls it `app_id` and contains all operations. Signature and envelope are the
 * same.
 *
 * How certain an operation is in each dialect:
 * - FOUND: stated in that dialect's own document.
 * - ASSUMED: the same as in the other dialect.
 */
type Certainty = 'FOUND' | 'ASSUMED';

export interface Operation extends PlatformOperation {
  /** The data of an answer that reports success. */
  answer: z.ZodType;
  /** Where the data is: in `data` or, for /recharge, next to `errcode`. */
  place: 'data' | 'envelope';
  certainty: Readonly<Record<Dialect, Certainty>>;
}

/** @internal Exported for tests. */
export const dialects = ['seed', '2017'] as const;
export type Dialect = (typeof dialects)[number];

/** The name of the account's field in a request. The secret itself is never sent. */
export const accountFields: Readonly<Record<Dialect, string>> = {
  seed: 'client_id',
  '2017': 'app_id',
};

const CARD = /^[0-9A-Za-z]{1,32}$/;
const PRODUCT = /^[0-9A-Za-z_-]{1,64}$/;
const ORDER = /^[0-9A-Za-z_-]{1,64}$/;

const serialNo = z.string().regex(CARD).describe('卡号、自定义卡号或 ICCID 后 10 位');
const productNo = z.string().regex(PRODUCT).describe('套餐编码');

/** The identifiers of a card in an answer. The older document has none of them. */
const cardIdentifiers = {
  serial_no: numberOrNull(CARD),
  custom_no: numberOrNull(/^\d{1,16}$/),
  iccid_suffix: orNull(textLike(/^[0-9A-Fa-f]{10}$/).transform((text) => text.toUpperCase())),
};

const product = z.object({
  product_no: textLike(PRODUCT),
  name: nameText,
  fee: decimalText.describe('Cost to the agent, in yuan'),
  data_value: megabytesOrNull,
  month: smallNumber.describe('Duration in calendar months'),
  level: smallNumber.describe('1 basic, 2 add-on, 3 across months, 4 bonus'),
  eft_type: orNull(smallNumber).describe('0 nationwide, 1 within the province'),
});

const heldProduct = z.object({
  product_no: textLike(PRODUCT),
  name: nameText,
  start_time: dayOrNull,
  end_time: dayOrNull.describe('The last day'),
  state: smallNumber.describe('1 current, 2 expired, 3 not started'),
  data_value: megabytesOrNull,
});

const noData = z.unknown().transform(() => null);
const foundInBoth = { seed: 'FOUND', '2017': 'FOUND' } as const;
const foundIn2017 = { seed: 'ASSUMED', '2017': 'FOUND' } as const;
const readOperation = { changes: false, place: 'data', certainty: foundIn2017 } as const;
const writeOperation = { changes: true, place: 'data', certainty: foundIn2017 } as const;

export const operations = {
  memberInfo: {
    ...readOperation,
    id: 'member/info',
    title: '查询流量卡基本信息',
    request: z.object({
      serial_no: serialNo,
      data_update: z.int().min(0).max(1).optional().describe('1 向运营商更新流量'),
    }),
    answer: z.object({
      ...cardIdentifiers,
      sim_status: readablePart(orNull(smallNumber)).describe(
        '0 停机 1 开机 2 待激活 3 正在关机 4 正在开机',
      ),
      gprs_status: readablePart(orNull(smallNumber)).describe(
        '0 关闭 1 开启 3 正在关闭 4 正在开启',
      ),
      resources_count: readablePart(orNull(megabytesOrNull)).describe("The month's total"),
      // The document's own spelling.
      ieavings_count: readablePart(orNull(signedMegabytes)).describe('The remaining volume'),
      used_res_count: readablePart(orNull(megabytesOrNull)),
      total_data_value: orNull(signedMegabytes).describe("The older document's only field"),
    }),
    certainty: foundInBoth,
  },
  memberProducts: {
    ...readOperation,
    id: 'member/product/info',
    title: '查询流量卡已订购套餐信息',
    request: z.object({
      serial_no: serialNo,
      state: z.int().min(0).max(3).optional().describe('0 全部 1 正常 2 过期 3 未使用'),
    }),
    answer: z.object({ ...cardIdentifiers, packages: phpList(heldProduct, 'product_no') }),
  },
  products: {
    ...readOperation,
    id: 'product/info',
    title: '查询流量卡可订购套餐信息',
    request: z.object({ serial_no: serialNo }),
    answer: z.object({ ...cardIdentifiers, packages: phpList(product, 'product_no') }),
  },
  recharge: {
    ...writeOperation,
    id: 'recharge',
    title: '充值（加入充值队列，结果另查）',
    request: z.object({
      serial_no: serialNo,
      product_no: productNo,
      effective: z.int().min(0).max(1).describe('0 当月生效 1 次月生效'),
    }),
    answer: z.object({ order_no: textLike(ORDER) }),
    place: 'envelope',
  },
  orderInfo: {
    ...readOperation,
    id: 'order/info',
    title: '查询充值订单基本信息',
    request: z.object({ order_no: z.string().regex(ORDER) }),
    answer: z.object({
      order_no: textLike(ORDER),
      serial_no: textLike(CARD),
      product_no: textLike(PRODUCT),
      status: smallNumber.describe('0 not started, 1 in progress, 2 failed, 3 done'),
    }),
  },
  startShut: {
    ...writeOperation,
    id: 'member/startshut',
    title: '开关机（加入操作队列，结果另查）',
    request: z.object({
      serial_no: serialNo,
      action: z.int().min(1).max(2).describe('1 开机 2 关机'),
    }),
    answer: noData,
  },
  gprsReset: {
    ...writeOperation,
    id: 'member/gprs/reset',
    title: '重置 GPRS',
    request: z.object({ serial_no: serialNo }),
    answer: noData,
  },
  customNumber: {
    ...writeOperation,
    id: 'member/custom_no',
    title: '设置自定义卡号',
    request: z.object({
      serial_no: serialNo,
      // The document calls it an int. Text keeps all 16 digits and leading zeros.
      custom_no: z
        .string()
        .regex(/^\d{6,16}$/)
        .describe('6 至 16 位数字'),
    }),
    answer: noData,
  },
  userInfo: {
    ...readOperation,
    id: 'user/info',
    title: '查询账户基本信息',
    request: z.object({}),
    answer: z.object({
      name: z.string().max(200).optional().catch(''),
      rank: optionalPart(smallNumber).describe('1 黄金 2 白银 3 青铜 4 VIP 5 钻石代理'),
      balance: decimalText,
    }),
  },
  prepaidCard: {
    ...readOperation,
    id: 'prepaid/card/info',
    title: '查询卡密基本信息',
    request: z.object({
      // Together with its password it is worth money.
      serial_no: z.string().regex(CARD).describe('卡密号').meta({ sensitive: true }),
    }),
    answer: z.object({
      serial_no: textLike(CARD),
      password: textLike(/^\P{Cc}{1,64}$/u),
      data_value: megabytes,
      name: nameText,
      fee: decimalText,
      state: smallNumber.describe('0 未使用 1 已使用 2 冻结'),
    }),
  },
  sendMessage: {
    ...writeOperation,
    id: 'send/message',
    title: '发送短信（加入发送队列，结果另推送）',
    request: z.object({
      serial_no: serialNo,
      content: z.string().min(1).max(1000),
      format: z.literal([0, 8]).describe('0 ASCII 8 UCS2'),
    }),
    answer: z.object({ transaction_id: textLike(ORDER) }),
  },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

/** The envelope around every answer (both documents, 接口返回说明). */
export const envelope = z.looseObject({
  errcode: textLike(/^\d{1,6}$/).transform(Number),
  errmsg: z.unknown().optional(),
  data: z.unknown().optional(),
});
