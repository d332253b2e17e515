import type { ObserveAnswer } from '../answer-observer';
import type { OperationCaller } from '../platform-operation';
import type { DevicePlatform } from '../ports';
import { createTokenHolder } from '../token-holder';
import type { TokenHolderFactory } from '../token-holder';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamCall } from '../upstream-http';
import type { UpstreamLimits } from '../upstream-policies';
import { ignoreWarnings } from '../warn';
import type { Warn } from '../warn';
import { createCaller } from './caller';
import { createMxchipClient } from './client';
import { createDevicePlatform } from './device-platform';
import { createTokenClient } from './token-client';

export { mxchipOperations } from './caller';

export interface MxchipOptions {
  /** Origin of the platform, without path. */
  url: string;
  clientId: string;
  clientSecret: string;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Called after every HTTP exchange, for metrics and logs. */
  onCall?: ((call: UpstreamCall) => void) | undefined;
  /** Called with problems an operator should look into. */
  warn?: Warn | undefined;
  /** Called with every answer before it is read. */
  onAnswer?: ObserveAnswer | undefined;
  /** Makes the holder of the access token; by default the token is held in memory. */
  holdTokens?: TokenHolderFactory | undefined;
  limits?: Partial<UpstreamLimits> | undefined;
}

export interface Mxchip {
  devices: DevicePlatform;
  caller: OperationCaller;
  /** Aborts calls in flight and closes every connection. */
  close(): Promise<void>;
}

/** 庆科 (MXCHIP) as a device platform. */
export function createMxchip(options: MxchipOptions): Mxchip {
  const { url, clientId, clientSecret, clock, onCall, limits, warn = ignoreWarnings } = options;
  const http = createUpstreamHttp({ platform: 'mxchip', origin: url, onCall, limits });
  const fetchToken = createTokenClient({ http, clientId, clientSecret });
  const tokens = options.holdTokens?.(fetchToken) ?? createTokenHolder({ fetchToken, clock });
  const client = createMxchipClient({ http, tokens, warn, onAnswer: options.onAnswer });
  const close = () => http.close();
  return {
    devices: createDevicePlatform(client, warn),
    caller: createCaller(client, close),
    close,
  };
}
