import {
  checkRequest,
  createOperationClient,
  readData,
  toUnanswered,
  unusableAnswer,
} from '../../platforms/operation-client';
import type {
  AnswerContext,
  BusyResult,
  CallResult,
  OperationClient,
} from '../../platforms/operation-client';
import { parseJson } from '../../platforms/parse-json';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from '../../platforms/upstream-http';
import { envelope, operations } from './operations';
import type { Operation, RefusalCode } from './operations';

const PLATFORM = 'example';

interface RefusedResult {
  outcome: 'refused';
  error: RefusalCode;
}

export type ExampleClient = OperationClient<typeof operations, RefusedResult | BusyResult>;

export interface ExampleClientOptions extends Omit<AnswerContext, 'platform'> {
  http: UpstreamHttp;
  shopKey: string;
}

/** @throws TypeError if the request does not match its schema */
function buildRequest(operation: Operation, request: unknown, shopKey: string): UpstreamRequest {
  const { id, method, path, idempotent } = operation;
  const fields = checkRequest(PLATFORM, operation, request);
  const headers = { 'x-shop-key': shopKey, 'content-type': 'application/json' };
  const base = { operation: id, method, path, idempotent, headers };
  return method === 'GET'
    ? { ...base, query: Object.fromEntries(fields.map(([name, value]) => [name, String(value)])) }
    : { ...base, body: JSON.stringify(Object.fromEntries(fields)) };
}

function readAnswer(
  context: AnswerContext,
  operation: Operation,
  { status, text }: UpstreamAnswer,
): CallResult<unknown, RefusedResult> {
  const wrapped = envelope.safeParse(parseJson(text));
  if (status !== 200 || !wrapped.success) {
    return unusableAnswer(context, operation.id, `HTTP ${status} without an envelope`);
  }
  return wrapped.data.ok
    ? readData(context, operation, wrapped.data.data)
    : { outcome: 'refused', error: wrapped.data.error };
}

/** A client of 示例卡商: the shop's key, the envelope, and the schemas of the operations. */
export function createExampleClient({
  http,
  shopKey,
  ...options
}: ExampleClientOptions): ExampleClient {
  const context: AnswerContext = { ...options, platform: PLATFORM };
  return createOperationClient(operations, async (operation, request) => {
    const built = buildRequest(operation, request, shopKey);
    try {
      return readAnswer(context, operation, await http.send(built));
    } catch (error) {
      return toUnanswered(error);
    }
  });
}
