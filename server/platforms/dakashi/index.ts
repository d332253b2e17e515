import type { ObserveAnswer } from '../answer-observer';
import type { OperationCaller } from '../platform-operation';
import type { CallbackReader, CardPlatform } from '../ports';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamCall } from '../upstream-http';
import type { UpstreamLimits } from '../upstream-policies';
import { callbackAnswer, readCallback } from './callbacks';
import { createCaller } from './caller';
import { createCardActions } from './card-actions';
import type { CardActions } from './card-actions';
import { createCardPlatform } from './card-platform';
import { createDakashiClient } from './client';
import type { Warn } from './client';
import type { Dialect } from './operations';
import { createThrottle } from './throttle';
import { createPlatformClock } from './platform-clock';

export { callbackAnswer } from './callbacks';
export { dakashiOperations } from './caller';
export { dialects } from './operations';
export type { Dialect } from './operations';

/** How calls are kept apart. Times in milliseconds. */
export interface ThrottleLimits {
  /** Between two calls. ASSUMED: the document names the refusal (55012), not the interval. */
  interval: number;
  /** How long a question waits for its turn before it is turned away. */
  maxReadWait: number;
  /** So for a deed, which is worth more waiting. */
  maxWriteWait: number;
  /** The pause after the platform said that calls come too soon; the next ones double. */
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
  /** `client_id` of the older document, `app_id` of the later. */
  clientId: string;
  clientSecret: string;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Sees every HTTP exchange, for metrics and logs. */
  onCall?: ((call: UpstreamCall) => void) | undefined;
  /** Sees what an operator should look into. */
  warn?: Warn | undefined;
  /** Sees answers as they came. */
  onAnswer?: ObserveAnswer | undefined;
  limits?: Partial<UpstreamLimits> | undefined;
  throttle?: Partial<ThrottleLimits> | undefined;
}

export interface Dakashi {
  cards: CardPlatform;
  actions: CardActions;
  caller: OperationCaller;
  callbacks: CallbackReader;
  /** Breaks off what is under way and lets go of every connection. */
  close(): Promise<void>;
}

const ignoreWarnings: Warn = () => undefined;

/** 大卡师, filling the port for cards. */
export function createDakashi(options: DakashiOptions): Dakashi {
  const {
    url,
    dialect,
    clientId,
    clientSecret,
    clock,
    onCall,
    limits,
    warn = ignoreWarnings,
  } = options;
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
    onAnswer: options.onAnswer,
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
