import { z } from 'zod';
import type { Simulator } from '../simulator';
import { applyForBill } from './bill';
import { listCertificates } from './certificates';
import { payErrorReply, type PayReply } from './pay-reply';
import { queryTradeRefund, redirectTradeRefund, requestTradeRefund } from './refunds';
import {
  abnormalRefundRequest,
  closeRequest,
  jsapiRequest,
  refundRequest,
  tradeBillRequest,
} from './requests';
import { closeTrade, jsapi, merchantError, queryTrade, queryTransaction } from './trades';

interface PayRequest {
  /** The parameter of the path. */
  parameter: string;
  /** The query of a GET, or the parsed body of a POST; undefined if it is no JSON. */
  input: unknown;
  /** The origin of the request. */
  origin: string;
  /** Its `Wechatpay-Serial`: the key that fields are encrypted with. */
  serial: string;
}

interface PayOperation {
  method: 'GET' | 'POST';
  /** Its first group, if any, is the parameter. */
  path: RegExp;
  /** Whether `wechatpayMute` drops its response. */
  hasSideEffects: boolean;
  handle(simulator: Simulator, request: PayRequest): PayReply;
}

/** Adds the check of the input to an operation. */
function withValidation<Schema extends z.ZodType>(
  schema: Schema,
  handler: (simulator: Simulator, input: z.output<Schema>, request: PayRequest) => PayReply,
): PayOperation['handle'] {
  return (simulator, request) => {
    const parsed = schema.safeParse(request.input);
    if (parsed.success) return handler(simulator, parsed.data, request);
    const issue = parsed.error.issues[0];
    const field = `/${(issue?.path ?? []).join('/')}`;
    return payErrorReply('PARAM_ERROR', `参数错误：${field} ${issue?.message ?? ''}`.trim(), {
      field,
    });
  };
}

const merchantQuery = z.object({ mchid: z.string().min(1).max(32) });

const operations: readonly PayOperation[] = [
  {
    method: 'POST',
    path: /^\/v3\/pay\/transactions\/jsapi$/,
    hasSideEffects: true,
    handle: withValidation(jsapiRequest, jsapi),
  },
  {
    method: 'GET',
    path: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)$/,
    hasSideEffects: false,
    handle: withValidation(
      merchantQuery,
      (simulator, input, { parameter }) =>
        merchantError(simulator, input) ?? queryTrade(simulator, parameter),
    ),
  },
  {
    method: 'GET',
    path: /^\/v3\/pay\/transactions\/id\/([^/]+)$/,
    hasSideEffects: false,
    handle: withValidation(
      merchantQuery,
      (simulator, input, { parameter }) =>
        merchantError(simulator, input) ?? queryTransaction(simulator, parameter),
    ),
  },
  {
    method: 'POST',
    path: /^\/v3\/pay\/transactions\/out-trade-no\/([^/]+)\/close$/,
    hasSideEffects: true,
    handle: withValidation(
      closeRequest,
      (simulator, input, { parameter }) =>
        merchantError(simulator, input) ?? closeTrade(simulator, parameter),
    ),
  },
  {
    method: 'POST',
    path: /^\/v3\/refund\/domestic\/refunds$/,
    hasSideEffects: true,
    handle: withValidation(refundRequest, requestTradeRefund),
  },
  {
    method: 'POST',
    path: /^\/v3\/refund\/domestic\/refunds\/([^/]+)\/apply-abnormal-refund$/,
    hasSideEffects: true,
    handle: withValidation(abnormalRefundRequest, (simulator, input, { parameter, serial }) =>
      redirectTradeRefund(simulator, input, { refundId: parameter, serial }),
    ),
  },
  {
    method: 'GET',
    path: /^\/v3\/refund\/domestic\/refunds\/([^/]+)$/,
    hasSideEffects: false,
    handle: (simulator, { parameter }) => queryTradeRefund(simulator, parameter),
  },
  {
    method: 'GET',
    path: /^\/v3\/bill\/tradebill$/,
    hasSideEffects: false,
    handle: withValidation(tradeBillRequest, (simulator, input, { origin }) =>
      applyForBill(simulator, input, origin),
    ),
  },
  {
    // Valid bill URLs are handled in api.ts: this one has expired.
    method: 'GET',
    path: /^\/v3\/billdownload\/file$/,
    hasSideEffects: false,
    handle: () => payErrorReply('INVALID_REQUEST', '账单地址无效或已过期，请重新申请账单'),
  },
  {
    method: 'GET',
    path: /^\/v3\/certificates$/,
    hasSideEffects: false,
    handle: listCertificates,
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
