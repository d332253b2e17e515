import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { NotificationErrorCode } from '@shared/error-codes';
import type { ChannelNotification, ParsedNotification, RawNotification } from '../ports';
import { parseStrictJson } from '../strict-json';
import type { PlatformKeys } from './platform-keys';
import { refundNumber } from './refunds';
import { ENCRYPTION_ALGORITHM, isValidNonce, decrypt } from './decrypt';
import { decodeUtf8, isWithinClockSkew, isSignedBy, readSignature } from './signatures';
import { CURRENCY, amount, orderNumber, readPayment, transactionId } from './trades';
import type { MerchantAccount } from './trades';

/** The first problem found in a notification. Thrown and caught in this file only. */
class NotificationError extends Error {
  override readonly name = 'NotificationError';
  constructor(
    readonly reason: NotificationErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** 支付成功通知, 退款结果通知: the envelope around the encrypted content. */
const notificationEnvelope = z.object({
  id: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  create_time: z.string(),
  event_type: z.string(),
  resource_type: z.literal('encrypt-resource'),
  resource: z.object({
    algorithm: z.string(),
    ciphertext: z.string(),
    nonce: z.string(),
    associated_data: z.string().optional(),
    original_type: z.string(),
  }),
});
type NotificationEnvelope = z.output<typeof notificationEnvelope>;

type ContentReader = (content: unknown) => Omit<ChannelNotification, 'id'> | undefined;
interface EventKind {
  originalType: string;
  read: ContentReader;
}

const paidTransaction = z.object({ trade_state: z.literal('SUCCESS') });

const readTransaction: ContentReader = (content) => {
  const payment = paidTransaction.safeParse(content).success ? readPayment(content) : undefined;
  if (payment === undefined) return undefined;
  return {
    kind: 'payment',
    orderNumber: payment.orderNumber,
    transactionId: payment.transactionId,
    signed: true,
  };
};

/** A refund notification names no currency (退款结果通知). If it does, it must be ours. */
const refundContent = z.object({
  out_trade_no: orderNumber,
  transaction_id: transactionId,
  out_refund_no: refundNumber,
  refund_status: z.string(),
  amount: z
    .object({ total: amount, refund: amount, currency: z.literal(CURRENCY).optional() })
    .refine(({ total, refund }) => refund <= total),
});

function readRefund(status: string): ContentReader {
  return (content) => {
    const read = refundContent.safeParse(content);
    if (!read.success || read.data.refund_status !== status) return undefined;
    const { out_trade_no, transaction_id, out_refund_no } = read.data;
    return {
      kind: 'refund',
      orderNumber: out_trade_no,
      transactionId: transaction_id,
      refundNumber: out_refund_no,
      signed: true,
    };
  };
}

const events: ReadonlyMap<string, EventKind> = new Map([
  ['TRANSACTION.SUCCESS', { originalType: 'transaction', read: readTransaction }],
  ['REFUND.SUCCESS', { originalType: 'refund', read: readRefund('SUCCESS') }],
  ['REFUND.ABNORMAL', { originalType: 'refund', read: readRefund('ABNORMAL') }],
  ['REFUND.CLOSED', { originalType: 'refund', read: readRefund('CLOSED') }],
]);

/** Whom the content is addressed to. A refund notification names only the merchant. */
const recipient = z.looseObject({ mchid: z.string(), appid: z.string().optional() });

function parseEnvelope(body: Buffer): NotificationEnvelope {
  const text = decodeUtf8(body);
  const envelope = notificationEnvelope.safeParse(
    text === undefined ? undefined : parseStrictJson(text),
  );
  if (envelope.success) return envelope.data;
  const fields = envelope.error.issues.map(({ path }) => path.map(String).join('.') || 'body');
  throw new NotificationError(
    'notification.invalid',
    `not a notification: invalid ${fields.join()}`,
  );
}

function decryptResource({ resource }: NotificationEnvelope, apiV3Key: KeyObject): unknown {
  if (resource.algorithm !== ENCRYPTION_ALGORITHM) {
    throw new NotificationError(
      'notification.algorithm_unsupported',
      'encrypted with another algorithm',
    );
  }
  if (!isValidNonce(resource.nonce)) {
    throw new NotificationError('notification.invalid', 'the nonce does not have 12 bytes');
  }
  const text = decrypt(resource, apiV3Key);
  if (text === undefined) {
    throw new NotificationError(
      'notification.undecipherable',
      'encrypted with another key, or modified',
    );
  }
  return parseStrictJson(text);
}

function readContent(
  envelope: NotificationEnvelope,
  content: unknown,
  account: MerchantAccount,
): ChannelNotification {
  const event = events.get(envelope.event_type);
  if (event?.originalType !== envelope.resource.original_type) {
    throw new NotificationError(
      'notification.invalid',
      'an unknown event, or an event of another type',
    );
  }
  const parsed = recipient.safeParse(content);
  if (!parsed.success)
    throw new NotificationError('notification.invalid', 'the content names no recipient');
  const { mchid, appid } = parsed.data;
  if (mchid !== account.mchId || (appid ?? account.appId) !== account.appId) {
    throw new NotificationError('notification.foreign', 'for another merchant or mini-program');
  }
  const read = event.read(content);
  if (read === undefined) {
    throw new NotificationError('notification.invalid', 'invalid content');
  }
  return { id: envelope.id, ...read };
}

export interface NotificationContext {
  account: MerchantAccount;
  keys: PlatformKeys;
  apiV3Key: KeyObject;
  /** Epoch milliseconds. */
  clock: () => number;
}

/** @throws NotificationError unless WeChat Pay signed the body, less than five minutes ago */
async function verifySender(
  { keys, clock }: NotificationContext,
  { headers, body }: RawNotification,
): Promise<void> {
  const signature = readSignature(headers);
  if (signature === undefined) {
    throw new NotificationError('notification.signature_invalid', 'no signature in the headers');
  }
  if (!isWithinClockSkew(signature, clock())) {
    throw new NotificationError(
      'notification.stale',
      'the timestamp is off by five minutes or more',
    );
  }
  const key = await keys.find(signature.serial);
  if (key === undefined) {
    throw new NotificationError('notification.serial_unknown', 'signed under an unknown serial');
  }
  if (!isSignedBy(key, signature, body)) {
    throw new NotificationError(
      'notification.signature_invalid',
      'the signature does not match the body',
    );
  }
}

/**
 * Reads a notification of WeChat Pay (支付成功通知, 退款结果通知). Nothing of the body is parsed before the
 * signature over its bytes is verified.
 */
export async function readNotification(
  context: NotificationContext,
  notification: RawNotification,
): Promise<ParsedNotification> {
  try {
    await verifySender(context, notification);
    const envelope = parseEnvelope(notification.body);
    const content = decryptResource(envelope, context.apiV3Key);
    return { outcome: 'taken', notification: readContent(envelope, content, context.account) };
  } catch (error) {
    if (!(error instanceof NotificationError)) throw error;
    return { outcome: 'refused', reason: error.reason, message: error.message };
  }
}
