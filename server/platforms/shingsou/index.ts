import { createPlatformClock } from '../platform-clock';
import type { ObserveAnswer } from '../answer-observer';
import type { CardPlatform, IdentityProvider, PaymentGateway } from '../ports';
import { createTokenHolder } from '../token-holder';
import type { TokenHolder, TokenHolderFactory } from '../token-holder';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamCall } from '../upstream-http';
import type { UpstreamLimits } from '../upstream-policies';
import { ignoreWarnings } from '../warn';
import type { Warn } from '../warn';
import { createCardPlatform } from './card-platform';
import { createShingsouClient } from './client';
import { createIdentity } from './identity';
import { createPaymentGateway } from './payment-gateway';
import { createTokenClient } from './token-client';
import type { TokenForm } from './token-client';

export interface ShingsouOptions {
  /** Origin of the token server. */
  idsUrl: string;
  /** Origin of the gateway. */
  apiUrl: string;
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  /** Requested permissions, separated by spaces. */
  scope: string;
  /** The mini-program whose login codes are exchanged and whose payment sheet opens. */
  appId: string;
  /** Where 旭宇 sends its notifications about orders. */
  notifyUrl: string;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Called after every HTTP exchange, for metrics and logs. */
  onCall?: ((call: UpstreamCall) => void) | undefined;
  /** Called with problems an operator should look into. */
  warn?: Warn | undefined;
  /** Called with every answer before it is read. */
  onAnswer?: ObserveAnswer | undefined;
  /** How the token request is sent; `multipart` by default. */
  tokenForm?: TokenForm | undefined;
  /** Makes the holder of the access token; by default the token is held in memory. */
  holdTokens?: TokenHolderFactory | undefined;
  limits?: Partial<UpstreamLimits> | undefined;
}

export interface Shingsou {
  cards: CardPlatform;
  payments: PaymentGateway;
  identity: IdentityProvider;
  /** The access token they share. */
  tokens: TokenHolder;
  /** Aborts calls in flight and closes every connection. */
  close(): Promise<void>;
}

/** 旭宇 IOT as a card platform, payment gateway and identity provider with one access token. */
export function createShingsou(options: ShingsouOptions): Shingsou {
  const { subscriptionKey, appId, notifyUrl, clock } = options;
  const { onCall, onAnswer, limits, warn = ignoreWarnings } = options;
  const transport = { platform: 'shingsou', onCall, limits };
  const tokenHttp = createUpstreamHttp({ ...transport, origin: options.idsUrl });
  const gatewayHttp = createUpstreamHttp({ ...transport, origin: options.apiUrl });
  const fetchToken = createTokenClient({ ...options, http: tokenHttp });
  const tokens = options.holdTokens?.(fetchToken) ?? createTokenHolder({ fetchToken, clock });
  const platformClock = createPlatformClock(clock);
  const client = createShingsouClient({
    http: gatewayHttp,
    tokens,
    subscriptionKey,
    platformClock,
    warn,
    onAnswer,
  });
  return {
    cards: createCardPlatform({ client, platformClock, notifyUrl, warn }),
    payments: createPaymentGateway({ client, platformClock, appId, notifyUrl, warn }),
    identity: createIdentity({ client, appId }),
    tokens,
    async close() {
      await Promise.all([tokenHttp.close(), gatewayHttp.close()]);
    },
  };
}
