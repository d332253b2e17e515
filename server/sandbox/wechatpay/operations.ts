import { z } from 'zod';
import type { World } from '../world';
import { applyForBill } from './bill';
import { listCertificates } from './certificates';
import { refusePay, type PayAnswer } from './refusal';
import { askTradeRefund, queryTradeRefund } from './refunds';
import { closeRequest, jsapiRequest, refundRequest, tradeBillRequest } from './requests';
import { closeTrade, jsapi, partyRefusal, queryTrade, queryTransaction } from './trades';

interface PayRequest {
  /** What stands in the path. */
  parameter: string;
  /** The query of a GET, the parsed body of a POST; undefined where it is no JSON. */
  input: unknown;
  /** Under which address the sandbox was asked. */
  origin: string;
}

interface PayOperation {
  method: 'GET' | 'POST';
  /** The one group, where there is one, is the path's parameter. */
  path: RegExp;
  /** Whether it does something, so that it matters when the answer is lost. */
  acts: boolean;
  answer(world: World, request: PayRequest): PayAnswer;
}

/** Puts a check of what arrived before an answer. */
function checked<Schema extends z.ZodType>(
  schema: Schema,
  answer: (world: World, input: z.output<Schema>, request: PayRequest) => PayAnswer,
): PayOperation['answer'] {
  return (world, request) => {
    const parsed = schema.safeParse(request.input);
    if (parsed.success) return answer(world, parsed.data, request);
    const issue = parsed.error.issues[0];
    const field = `/${(issue?.path ?? []).join('/')}`;
    return refusePay('PARAM_ERROR', `参数错误：${field} ${issue?.message ?? ''}`.trim(), { field });
  };
}

const party = z.object({ mchid: z.string().min(1).max(32) });

const operations: readonly PayOperation[] = [
  {
    method: 'POST',
    path: /^\/v3\/pay\/transactions\/jsapi$/,
    acts: true,
    answer: checked(jsapiRequest, jsapi),
  },
  {
    method: 'GET',
    path: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/,
    acts: false,
    answer: checked(
      party,
      (world, asked, { parameter }) => partyRefusal(world, asked) ?? queryTrade(world, parameter),
    ),
  },
  {
    method: 'GET',
    path: /^\/v3\/pay\/transactions\/id\/([^/]+)$/,
    acts: false,
    answer: checked(
      party,
      (world, asked, { parameter }) =>
        partyRefusal(world, asked) ?? queryTransaction(world, parameter),
    ),
  },
  {
    method: 'POST',
    path: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)\/close$/,
    acts: true,
    answer: checked(
      closeRequest,
      (world, asked, { parameter }) => partyRefusal(world, asked) ?? closeTrade(world, parameter),
    ),
  },
  {
    method: 'POST',
    path: /^\/v3\/refund\/domestic\/refunds$/,
    acts: true,
    answer: checked(refundRequest, askTradeRefund),
  },
  {
    method: 'GET',
    path: /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/,
    acts: false,
    answer: (world, { parameter }) => queryTradeRefund(world, parameter),
  },
  {
    method: 'GET',
    path: /^\/v3\/bill\/tradebill$/,
    acts: false,
    answer: checked(tradeBillRequest, (world, asked, { origin }) =>
      applyForBill(world, asked.bill_date, origin),
    ),
  },
  {
    // An address that is still good was answered before: this one is not.
    method: 'GET',
    path: /^\/v3\/billdownload\/file$/,
    acts: false,
    answer: () => refusePay('INVALID_REQUEST', '账单地址无效或已过期，请重新申请账单'),
  },
  {
    method: 'GET',
    path: /^\/v3\/certificates$/,
    acts: false,
    answer: listCertificates,
  },
];

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function findOperation(
  method: string,
  path: string,
): (PayOperation & { parameter: string }) | undefined {
  const operation = operations.find((one) => one.method === method && one.path.test(path));
  if (!operation) return undefined;
  return { ...operation, parameter: decode(operation.path.exec(path)?.[1] ?? '') };
}
