import { formatYuan, parseYuan } from '@shared/money';
import { z } from 'zod';
import { decimalText } from '../../answer-fields';
import { elementsOf } from '../../elements';

/**
 * Fields that several operations share. ASSUMED for all: money is yuan as text with two decimals; dates are
 * Beijing time; states are the same small integers as those of 大卡师, a sister platform.
 */
export const cardNo = z
  .string()
  .regex(/^[0-9A-Za-z]{1,32}$/)
  .describe('ICCID or access number');
export const cardNos = z.array(cardNo).max(1000);
/** An amount in yuan, in any notation of a decimal; two decimals in the text that is sent and compared. */
export const yuan = decimalText.transform((value, context) => {
  const amount = parseYuan(value);
  if (amount !== undefined) return formatYuan(amount);
  context.addIssue({ code: 'custom', message: 'not an amount in yuan' });
  return z.NEVER;
});
export const shortText = z.string().regex(/^\P{Cc}{1,200}$/u);
/** An id or a number assigned by the platform, Alipay or WeChat. */
export const reference = z.string().regex(/^\P{Cc}{1,64}$/u);
export const count = z.int().min(0).max(1e9);
export const openId = z.string().regex(/^[0-9A-Za-z_-]{1,128}$/);
export const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/)
  .describe('YYYY-MM-DD HH:mm:ss');
export const localDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('YYYY-MM-DD');
export const page = {
  pageIndex: z.int().min(1).describe('From 1'),
  pageSize: z.int().min(1).max(100),
};
export const timeRange = {
  startTime: localTime.describe('YYYY-MM-DD HH:mm:ss: at or after'),
  endTime: localTime.describe('YYYY-MM-DD HH:mm:ss: before'),
};
export const consignee = reference.describe("The receiver's account with 旭宇");
/** The merchant of a gateway that serves several (多商户版支付网关); the first one by default. */
export const merchantId = reference
  .optional()
  .describe('One of several merchants; the first one by default');
export const notifyUrl = z.url().describe('Where 旭宇 sends a notification once it is paid');

/** A page of a list, whose elements are judged one by one. */
export function pagedList<Item extends z.ZodType>(item: Item) {
  return z.object({ total: count, items: elementsOf(item) });
}

/** A table of error codes (错误码表). */
export const errorCodes = z.array(
  z.object({ code: z.int(), name: shortText, description: shortText }),
);
