import type { ObserveAnswer } from '../../platforms/answer-observer';
import { parseJson } from '../../platforms/parse-json';
import { PlatformBusy, PlatformUnavailable } from '../../platforms/ports';
import { UpstreamFault } from '../../platforms/upstream-fault';
import type { UpstreamAnswer, UpstreamHttp, UpstreamRequest } from '../../platforms/upstream-http';
import { envelope, operations } from './operations';
import type { AnswerOf, OperationName } from './operations';

export type CallResult<Data> =
  | { outcome: 'done'; data: Data }
  | { outcome: 'refused'; error: string }
  /** Turned away before anything was sent. */
  | { outcome: 'busy'; message: string }
  /** No usable answer: what came of the call, if anything, has to be asked. */
  | { outcome: 'unknown'; message: string };

type Fields = Readonly<Record<string, string | number>>;

export interface ExampleClient {
  call<Name extends OperationName>(name: Name, fields: Fields): Promise<CallResult<AnswerOf<Name>>>;
  /** Calls an operation that only asks. @throws PlatformUnavailable where no usable answer came */
  query<Name extends OperationName>(
    name: Name,
    fields: Fields,
  ): Promise<Exclude<CallResult<AnswerOf<Name>>, { message: string }>>;
}

export interface ExampleClientOptions {
  http: UpstreamHttp;
  shopKey: string;
  onAnswer?: ObserveAnswer | undefined;
}

/** The platform's key, envelope and schemas around the table of operations. */
export function createExampleClient(options: ExampleClientOptions): ExampleClient {
  const { http, shopKey, onAnswer } = options;

  function buildRequest(name: OperationName, fields: Fields): UpstreamRequest {
    const { method, path, idempotent } = operations[name];
    const headers = { 'x-shop-key': shopKey, 'content-type': 'application/json' };
    const texts = Object.entries(fields).map(([field, value]) => [field, String(value)]);
    const base = { operation: name, method, path, idempotent, headers };
    return method === 'GET'
      ? { ...base, query: Object.fromEntries(texts) as Record<string, string> }
      : { ...base, body: JSON.stringify(fields) };
  }

  function unusable(name: OperationName, problem: string): CallResult<never> {
    return { outcome: 'unknown', message: `example ${name}: ${problem}` };
  }

  function readAnswer(name: OperationName, { status, text }: UpstreamAnswer): CallResult<unknown> {
    const wrapped = envelope.safeParse(parseJson(text));
    if (status !== 200 || !wrapped.success) return unusable(name, `HTTP ${status}, not its form`);
    if (!wrapped.data.ok) return { outcome: 'refused', error: wrapped.data.error };
    const schema = operations[name].answer;
    onAnswer?.({ operation: name, schema, data: wrapped.data.data });
    const answer = schema.safeParse(wrapped.data.data);
    if (answer.success) return { outcome: 'done', data: answer.data };
    return unusable(name, 'the answer does not fit the table');
  }

  /** A call that was never sent may be made again; of one that was, a lost answer says nothing. */
  function readFault(error: unknown): CallResult<never> {
    if (!(error instanceof UpstreamFault)) throw error;
    const isUnsent = error.kind === 'overloaded' || error.kind === 'circuitOpen';
    return { outcome: isUnsent ? 'busy' : 'unknown', message: error.message };
  }

  async function call<Name extends OperationName>(
    name: Name,
    fields: Fields,
  ): Promise<CallResult<AnswerOf<Name>>> {
    const result = await http
      .send(buildRequest(name, fields))
      .then((answer) => readAnswer(name, answer), readFault);
    // The schema of this very operation has just accepted the data.
    return result as CallResult<AnswerOf<Name>>;
  }

  return {
    call,
    async query(name, fields) {
      const result = await call(name, fields);
      if (result.outcome === 'busy') throw new PlatformBusy(result.message);
      if (result.outcome === 'unknown') throw new PlatformUnavailable(result.message);
      return result;
    },
  };
}
