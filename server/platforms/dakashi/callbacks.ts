import { z } from 'zod';
import { parseStrictJson } from '../strict-json';
import type { CallbackHint, ParsedCallback } from '../ports';
import { textLike } from './field-schemas';

/** The required response. Without it the platform repeats the callback three times. */
export const callbackAnswer = { errcode: 0, errmsg: 'success' } as const;

const identifier = textLike(/^[0-9A-Za-z_-]{1,64}$/);
const actionType = (value: string) => textLike(/^\d$/).pipe(z.literal(value));

const recharge = z
  .object({ action_type: actionType('1'), order_no: identifier })
  .transform(({ order_no }): CallbackHint => ({ kind: 'order', reference: order_no }));
const power = z
  .object({ action_type: actionType('2'), serial_no: textLike(/^[0-9A-Za-z]{1,32}$/) })
  .transform(({ serial_no }): CallbackHint => ({ kind: 'card', ref: serial_no }));
const message = z
  .object({
    action: z.enum(['submit_resp', 'deliver_resp']),
    data: z.object({ transaction_id: identifier }),
  })
  .transform((): CallbackHint => ({ kind: 'message' }));

const callback = z.union([recharge, power, message]);

/** Parses a callback (api-doc, 充值, 开关机, 短信推送). None of them is signed. */
export function readCallback(body: Buffer): ParsedCallback {
  const parsed = callback.safeParse(parseStrictJson(body.toString('utf8')));
  if (parsed.success) return { outcome: 'taken', hint: parsed.data };
  const problem = 'not a valid recharge, power or message callback';
  return { outcome: 'refused', reason: 'notification.invalid', message: problem };
}
