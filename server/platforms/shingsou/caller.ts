import type { OperationCaller, OperationResult, PlatformOperation } from '../platform-operation';
import { createTokenHolder } from '../token-holder';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamLimits } from '../upstream-policies';
import { createShingsouClient } from './client';
import type { CallResult, Warn } from './client';
import { operations } from './operations';
import type { Operation } from './operations';
import { createTokenClient } from './token-client';

export interface ShingsouCallerOptions {
  /** Origin of the token server. */
  idsUrl: string;
  /** Origin of the gateway. */
  apiUrl: string;
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  /** Permissions asked for, separated by spaces. */
  scope: string;
  /** Epoch milliseconds. */
  clock: () => number;
  warn: Warn;
  limits?: Partial<UpstreamLimits> | undefined;
}

const operationsById: ReadonlyMap<string, Operation> = new Map(
  Object.values(operations).map((operation) => [operation.id, operation]),
);

/** Everything 旭宇 offers, as tools list it. */
export const shingsouOperations: readonly PlatformOperation[] = [...operationsById.values()];

function toOperationResult(result: CallResult<unknown>): OperationResult {
  if (result.outcome !== 'refused') return result;
  const { name: code, description: message } = result;
  return { outcome: 'refused', code, message };
}

/** Everything 旭宇 offers, to be called by the ids of its developer portal, with a token of its own. */
export function createShingsouCaller(options: ShingsouCallerOptions): OperationCaller {
  const { idsUrl, apiUrl, subscriptionKey, clock, warn, limits } = options;
  const tokenHttp = createUpstreamHttp({ platform: 'shingsou', origin: idsUrl, limits });
  const gatewayHttp = createUpstreamHttp({ platform: 'shingsou', origin: apiUrl, limits });
  const fetchToken = createTokenClient({ ...options, http: tokenHttp });
  const tokens = createTokenHolder({ fetchToken, clock });
  const client = createShingsouClient({ http: gatewayHttp, tokens, subscriptionKey, warn });
  return {
    platform: 'shingsou',
    operations: shingsouOperations,
    async call(id, request) {
      const operation = operationsById.get(id);
      if (operation === undefined) throw new TypeError(`shingsou has no operation ${id}`);
      return toOperationResult(await client.perform(operation, request));
    },
    async close() {
      await Promise.all([tokenHttp.close(), gatewayHttp.close()]);
    },
  };
}
