import type { ObserveAnswer } from '../answer-observer';
import type { OperationCaller } from '../operations';
import type { CallbackReading, CardPlatform } from '../ports';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamCall } from '../upstream-http';
import type { UpstreamLimits } from '../upstream-policies';
import { readCallback } from './callbacks';
import { createCaller } from './caller';
import { createCardActions } from './card-actions';
import type { CardActions } from './card-actions';
import { createCardPlatform } from './card-platform';
import { createDakashiClient } from './client';
import type { Warn } from './client';
import type { Dialect } from './operations';
import { createPace } from './pace';
import { createPlatformClock } from './platform-clock';

export { callbackAnswer } from './callbacks';
export { dakashiOperations } from './caller';
export { dialects } from './operations';
export type { Dialect } from './operations';

/** How calls are kept apart. Times in milliseconds. */
export interface PaceLimits {
  /** Between two calls. ASSUMED: the document names the refusal (55012), not the interval. */
  interval: number;
  /** How long a question waits for its turn before it is turned away. */
  questionPatience: number;
  /** So for a deed, which is worth more waiting. */
  deedPatience: number;
  /** The pause after the platform said that calls come too soon; the next ones double. */
  tooSoonPause: number;
}

const defaultPace: PaceLimits = {
  interval: 50,
  questionPatience: 5_000,
  deedPatience: 20_000,
  tooSoonPause: 300,
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
  pace?: Partial<PaceLimits> | undefined;
}

export interface Dakashi {
  cards: CardPlatform;
  actions: CardActions;
  caller: OperationCaller;
  /** Reads what the platform tells by itself; it has to be answered with `callbackAnswer`. */
  readCallback(body: Buffer): CallbackReading;
  /** Breaks off what is under way and lets go of every connection. */
  close(): Promise<void>;
}

const silent: Warn = () => undefined;

/** 大卡师, filling the port for cards. */
export function createDakashi(options: DakashiOptions): Dakashi {
  const { url, dialect, clientId, clientSecret, clock, onCall, limits, warn = silent } = options;
  const limit = { ...defaultPace, ...options.pace };
  const http = createUpstreamHttp({ platform: 'dakashi', origin: url, onCall, limits });
  const pace = createPace(limit.interval);
  const platformClock = createPlatformClock(clock);
  const client = createDakashiClient({
    http,
    dialect,
    clientId,
    clientSecret,
    clock: platformClock,
    pace,
    patience: { question: limit.questionPatience, deed: limit.deedPatience },
    tooSoonPause: limit.tooSoonPause,
    warn,
    onAnswer: options.onAnswer,
  });
  async function close(): Promise<void> {
    pace.close();
    await http.close();
  }
  return {
    cards: createCardPlatform({ client, dialect, clock, platformClock, warn }),
    actions: createCardActions(client),
    caller: createCaller(client, close),
    readCallback,
    close,
  };
}
