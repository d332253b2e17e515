import { gunzipSync } from 'node:zlib';
import { Hash } from 'wechatpay-axios-plugin';
import { z } from 'zod';
import { parseBeijing } from '@shared/beijing-time';
import { PlatformUnavailable } from '../ports';
import type { BillEntry } from '../ports';
import { sendOrUnavailable } from '../send';
import type { UpstreamAnswer, UpstreamHttp } from '../upstream-http';
import type { BillOwner } from './bill';
import { parseBill } from './bill';
import { formatMessage } from './client';
import type { WechatPayClient } from './client';
import { queryRefused } from './refused-outcome';
import { decodeUtf8 } from './signatures';

/** 申请交易账单. */
const billAnswer = z.object({
  hash_type: z.literal('SHA1'),
  hash_value: z.string().regex(/^[0-9a-fA-F]{40}$/),
  download_url: z.url({ protocol: /^https?$/ }).max(2_048),
});
type BillAnswer = z.output<typeof billAnswer>;

export interface BillContext {
  client: WechatPayClient;
  /** An HTTP client with limits for large files. */
  http: UpstreamHttp;
  owner: BillOwner;
  /** Epoch milliseconds. */
  clock: () => number;
}

/** A decompressed bill: about a million rows. */
const MAX_BILL_BYTES = 512 * 1024 * 1024;

/**
 * A day whose bill does not exist by noon of the next day had no payments. 申请交易账单, 注意事项: bills are ready
 * at ten, so one that does not exist at that time may only be late.
 */
const NO_PAYMENTS_AFTER_MS = (24 + 12) * 60 * 60 * 1000;

/**
 * Downloads the bill file. The file is not signed, but the answer with its digest is. The host in the
 * download URL is ignored: we only call the configured host.
 * @throws PlatformUnavailable
 */
function fetchFile({ client, http }: BillContext, bill: BillAnswer): Promise<UpstreamAnswer> {
  const { pathname, search } = new URL(bill.download_url);
  const path = `${pathname}${search}`;
  const request = client.sign({ operation: 'billFile', method: 'GET', path });
  return sendOrUnavailable(http, { ...request, answer: 'bytes' });
}

/** A bill is compressed if it was requested with tar_type=GZIP. Undefined if it cannot be decompressed. */
function unzip(bytes: Buffer): Buffer | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BILL_BYTES });
  } catch {
    return undefined;
  }
}

/** @throws PlatformUnavailable */
async function readFile(context: BillContext, bill: BillAnswer): Promise<BillEntry[]> {
  const { status, bytes } = await fetchFile(context, bill);
  const unusable = (problem: string) => new PlatformUnavailable(formatMessage('billFile', problem));
  if (status !== 200) throw unusable(`HTTP ${String(status)}`);
  const file = unzip(bytes);
  // 申请交易账单, hash_value: the digest of the bill, after decompression.
  if (!file || Hash.sha1(file) !== bill.hash_value.toLowerCase()) throw unusable('wrong digest');
  const text = decodeUtf8(file);
  const entries = text === undefined ? undefined : parseBill(text, context.owner);
  if (entries === undefined) throw unusable('invalid bill');
  return entries;
}

/**
 * 申请交易账单, 下载账单: the bill of a Beijing calendar day (YYYY-MM-DD); undefined while it is not ready. A
 * day without payments never gets a bill (NO_STATEMENT_EXIST): once bills are ready, it counts as empty.
 * @throws PlatformUnavailable
 */
export async function downloadBill(
  context: BillContext,
  day: string,
): Promise<BillEntry[] | undefined> {
  const start = parseBeijing(day);
  if (start === undefined) throw new TypeError('not a calendar day');
  const operation = 'tradeBill';
  const result = await context.client.query(
    {
      operation,
      method: 'GET',
      path: '/v3/bill/tradebill',
      query: { bill_date: day, bill_type: 'ALL' },
    },
    billAnswer,
  );
  if (result.outcome === 'done') return readFile(context, result.data);
  if (result.code === 'STATEMENT_CREATING') return undefined;
  if (result.code === 'NO_STATEMENT_EXIST') {
    return context.clock() >= start + NO_PAYMENTS_AFTER_MS ? [] : undefined;
  }
  throw queryRefused(operation, result);
}
