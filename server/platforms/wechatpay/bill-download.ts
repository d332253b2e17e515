import { Hash } from 'wechatpay-axios-plugin';
import { z } from 'zod';
import { parseBeijing } from '@shared/beijing-time';
import { PlatformUnavailable } from '../ports';
import type { BillEntry } from '../ports';
import { UpstreamFault } from '../upstream-fault';
import type { UpstreamAnswer, UpstreamHttp } from '../upstream-http';
import { parseBill } from './bill';
import { formatMessage } from './client';
import type { WechatPayClient } from './client';
import { decodeUtf8 } from './signatures';
import type { MerchantAccount } from './trades';

/** 申请交易账单. */
const billAnswer = z.object({
  hash_type: z.literal('SHA1'),
  hash_value: z.string().regex(/^[0-9a-fA-F]{40}$/),
  download_url: z.url({ protocol: /^https?$/ }).max(2_048),
});
type BillAnswer = z.output<typeof billAnswer>;

export interface BillDownloadOptions {
  client: WechatPayClient;
  /** Calls WeChat Pay with the patience and the room that a file needs. */
  http: UpstreamHttp;
  account: MerchantAccount;
  /** Epoch milliseconds. */
  clock: () => number;
}

/** 申请交易账单: the bill of a day is there from ten o'clock of the next. */
const BILL_READY_AFTER_MS = (24 + 10) * 60 * 60 * 1000;

/** Downloads and reads the trade bill of a day: 申请交易账单, 下载账单. */
export function createBillDownload({ client, http, account, clock }: BillDownloadOptions) {
  /**
   * The file itself is not signed: its digest stands in the answer that is. Whatever host that answer
   * names, we ask the one we know.
   */
  async function fetchFile(bill: BillAnswer): Promise<UpstreamAnswer> {
    const { pathname, search } = new URL(bill.download_url);
    const path = `${pathname}${search}`;
    try {
      return await http.send(client.sign({ operation: 'billFile', method: 'GET', path }));
    } catch (error) {
      if (error instanceof UpstreamFault) throw new PlatformUnavailable(error.message);
      throw error;
    }
  }

  async function readFile(bill: BillAnswer): Promise<BillEntry[]> {
    const { status, bytes } = await fetchFile(bill);
    const unusable = (problem: string) =>
      new PlatformUnavailable(formatMessage('billFile', problem));
    if (status !== 200) throw unusable(`HTTP ${String(status)}`);
    if (Hash.sha1(bytes) !== bill.hash_value.toLowerCase()) throw unusable('another digest');
    const text = decodeUtf8(bytes);
    const entries = text === undefined ? undefined : parseBill(text, account);
    if (entries === undefined) throw unusable('a bill that is not understood');
    return entries;
  }

  /**
   * The bill of a Beijing calendar day (YYYY-MM-DD); undefined while there is none yet. A day on which
   * nothing was paid has no bill, ever (申请交易账单, NO_STATEMENT_EXIST): after the hour at which bills are
   * ready, that is an empty one.
   * @throws PlatformUnavailable
   */
  return async function downloadBill(day: string): Promise<BillEntry[] | undefined> {
    const start = parseBeijing(day);
    if (start === undefined) throw new TypeError('not a calendar day');
    const operation = 'tradeBill';
    const query = { bill_date: day, bill_type: 'ALL' };
    const path = '/v3/bill/tradebill';
    const result = await client.query({ operation, method: 'GET', path, query }, billAnswer);
    if (result.outcome === 'done') return readFile(result.data);
    if (result.code === 'STATEMENT_CREATING') return undefined;
    if (result.code === 'NO_STATEMENT_EXIST') {
      return clock() >= start + BILL_READY_AFTER_MS ? [] : undefined;
    }
    throw new PlatformUnavailable(formatMessage(operation, `refused with ${result.code}`));
  };
}
