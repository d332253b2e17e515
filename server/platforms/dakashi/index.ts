import type { ObserveAnswer } from '../answer-observer';
import type { OperationCaller } from '../platform-operation';
import type { CallbackReader, CardPlatform } from '../ports';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamCall } from '../upstream-http';
import type { UpstreamLimits } from '../upstream-policies';
import { ignoreWarnings } from '../warn';
import type { Warn } from '../warn';
import { callbackAnswer, readCallback } from './callbacks';
import { createCaller } from './caller';
import { createCardActions } from './card-actions';
import type { CardActions } from './card-actions';
import { createCardPlatform } from './card-platform';
import { createDakashiClient } from './client';
import type { Dialect } from './operations';
import { createThrottle } from './throttle';
import { createPlatformClock } from '../platform-clock';

/** @internal Exported for tests. */
export { callbackAnswer } from './callbacks';
export { dakashiOperations } from './caller';
/** @internal Exported for tests. */
export { dialects } from './operations';
/** @internal Exported for tests. */
export type { Dialect } from './operations';

/** Limits of our own on how often we call the platform. Times in milliseconds. */
interface ThrottleLimits {
  /** The shortest time between two calls. ASSUMED: the document lists the error (55012), but no interval. */
  interval: number;
  /** How long a query waits for the throttle before it is rejected. */
  maxReadWait: number;
  /** How long a call that changes something waits before it is rejected. */
  maxWriteWait: number;
  /** The pause after the platform's first rate limit error. It doubles each time. */
  rateLimitPause: number;
}

const defaultThrottle: ThrottleLimits = {
  interval: 50,
  maxReadWait: 5_000,
  maxWriteWait: 20_000,
  rateLimitPause: 300,
};

export interface DakashiOptions {
  /** Origin of the platform, without path. */
  url: string;
  dialect: Dialect;
  /** `client_id` in the older document, `app_id` in the later one. */
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
  limits?: Partial<UpstreamLimits> | undefined;
  throttle?: Partial<ThrottleLimits> | undefined;
}

export interface Dakashi {
  cards: CardPlatform;
  actions: CardActions;
  caller: OperationCaller;
  callbacks: CallbackReader;
  /** Aborts calls in flight and closes every connection. */
  close(): Promise<void>;
}

/** 大卡师 as a card platform. */
export function createDakashi(options: DakashiOptions): Dakashi {
  const { url, dialect, clientId, clientSecret, clock } = options;
  const { onCall, onAnswer, limits, warn = ignoreWarnings } = options;
  const throttleLimits = { ...defaultThrottle, ...options.throttle };
  const http = createUpstreamHttp({ platform: 'dakashi', origin: url, onCall, limits });
  const throttle = createThrottle(throttleLimits.interval);
  const platformClock = createPlatformClock(clock);
  const client = createDakashiClient({
    http,
    dialect,
    clientId,
    clientSecret,
    clock: platformClock,
    throttle,
    maxWait: { read: throttleLimits.maxReadWait, write: throttleLimits.maxWriteWait },
    rateLimitPause: throttleLimits.rateLimitPause,
    warn,
    onAnswer,
  });
  async function close(): Promise<void> {
    throttle.close();
    await http.close();
  }
  return {
    cards: createCardPlatform({ client, dialect, clock, platformClock, warn }),
    actions: createCardActions(client),
    caller: createCaller(client, close),
    callbacks: { name: 'dakashi', read: readCallback, acknowledgement: callbackAnswer },
    close,
  };
}
