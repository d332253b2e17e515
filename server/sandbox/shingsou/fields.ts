import { z } from 'zod';
import { parseBeijing } from '@shared/beijing-time';
import { parseYuan } from '@shared/money';

/** WeChat's form of a merchant's order number (API v2, out_trade_no). */
export const outTradeNo = z.string().regex(/^[0-9A-Za-z_\-|*]{6,32}$/);
export const outRefundNo = z.string().regex(/^[0-9A-Za-z_\-|*@]{1,64}$/);

/** A text of a given form that is parsed further, and refused if that fails. */
export function readable<Value>(form: RegExp, read: (text: string) => Value | undefined) {
  return z
    .string()
    .regex(form)
    .transform((text, context) => {
      const value = read(text);
      if (value !== undefined) return value;
      context.addIssue('does not exist');
      return z.NEVER;
    });
}

export const yuan = readable(/^\d{1,9}\.\d{2}$/, parseYuan);
export const localTime = readable(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/, parseBeijing);

/** `20260131`, as the first instant of that day in Beijing. */
export const billDate = readable(/^\d{8}$/, (text) =>
  parseBeijing(text.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')),
);
