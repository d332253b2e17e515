import { createOperationCaller } from '../platform-operation';
import type { OperationCaller, OperationResult, PlatformOperation } from '../platform-operation';
import { createTokenHolder } from '../token-holder';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamLimits } from '../upstream-policies';
import { createShingsouClient } from './client';
import type { CallResult, Warn } from './client';
import { operations } from './operations';
import type { Operation } from './operations';
import { createTokenClient } from './token-client';
import type { TokenForm } from './token-client';
import { createPlatformClock } from '../platform-clock';

export interface ShingsouCallerOptions {
  /** Origin of the token server. */
  idsUrl: string;
  /** Origin of the gateway. */
  apiUrl: string;
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  /** Requested permissions, separated by spaces. */
  scope: string;
  /** How the token request is sent; `multipart` by default. */
  tokenForm?: TokenForm | undefined;
  /** Epoch milliseconds. */
  clock: () => number;
  warn: Warn;
  limits?: Partial<UpstreamLimits> | undefined;
}

const allOperations: readonly Operation[] = Object.values(operations);

/** All operations of 旭宇. */
export const shingsouOperations: readonly PlatformOperation[] = allOperations;

function toOperationResult(result: CallResult<unknown>): OperationResult {
  if (result.outcome !== 'refused') return result;
  const { name: code, description: message } = result;
  return { outcome: 'refused', code, message };
}

/** Calls 旭宇's operations by the ids of its developer portal, with an access token of its own, for tools. */
export function createShingsouCaller(options: ShingsouCallerOptions): OperationCaller {
  const { idsUrl, apiUrl, subscriptionKey, clock, warn, limits } = options;
  const tokenHttp = createUpstreamHttp({ platform: 'shingsou', origin: idsUrl, limits });
  const gatewayHttp = createUpstreamHttp({ platform: 'shingsou', origin: apiUrl, limits });
  const fetchToken = createTokenClient({ ...options, http: tokenHttp });
  const tokens = createTokenHolder({ fetchToken, clock });
  const platformClock = createPlatformClock(clock);
  const client = createShingsouClient({
    http: gatewayHttp,
    tokens,
    subscriptionKey,
    platformClock,
    warn,
  });
  return createOperationCaller({
    platform: 'shingsou',
    operations: allOperations,
    perform: async (operation, request) =>
      toOperationResult(await client.perform(operation, request)),
    async close() {
      await Promise.all([tokenHttp.close(), gatewayHttp.close()]);
    },
  });
}
