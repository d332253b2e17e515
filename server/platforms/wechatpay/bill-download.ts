import { Hash } from 'wechatpay-axios-plugin';
import { z } from 'zod';
import { parseBeijing } from '@shared/beijing-time';
import { PlatformUnavailable } from '../ports';
import type { BillEntry } from '../ports';
import { sendOrUnavailable } from '../send';
import type { UpstreamAnswer, UpstreamHttp } from '../upstream-http';
import { parseBill } from './bill';
import { formatMessage } from './client';
import type { WechatPayClient } from './client';
import { queryRefused } from './refused-outcome';
import { decodeUtf8 } from './signatures';
import type { MerchantAccount } from './trades';

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
  account: MerchantAccount;
  /** Epoch milliseconds. */
  clock: () => number;
}

/** 申请交易账单: the bill of a day is ready at ten o'clock of the next day. */
const BILL_READY_AFTER_MS = (24 + 10) * 60 * 60 * 1000;

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

/** @throws PlatformUnavailable */
async function readFile(context: BillContext, bill: BillAnswer): Promise<BillEntry[]> {
  const { status, bytes } = await fetchFile(context, bill);
  const unusable = (problem: string) => new PlatformUnavailable(formatMessage('billFile', problem));
  if (status !== 200) throw unusable(`HTTP ${String(status)}`);
  if (Hash.sha1(bytes) !== bill.hash_value.toLowerCase()) throw unusable('wrong digest');
  const text = decodeUtf8(bytes);
  const entries = text === undefined ? undefined : parseBill(text, context.account);
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
    return context.clock() >= start + BILL_READY_AFTER_MS ? [] : undefined;
  }
  throw queryRefused(operation, result);
}
