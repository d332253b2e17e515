import type { ObserveAnswer } from '../answer-observer';
import type { CardPlatform, IdentityProvider, PaymentGateway } from '../ports';
import { createTokenHolder } from '../token-holder';
import type { TokenHolder, TokenHolderFactory } from '../token-holder';
import { createUpstreamHttp } from '../upstream-http';
import type { UpstreamCall } from '../upstream-http';
import type { UpstreamLimits } from '../upstream-policies';
import { createCardPlatform } from './card-platform';
import { createShingsouClient } from './client';
import type { Warn } from './client';
import { createIdentity } from './identity';
import { createPaymentGateway } from './payment-gateway';
import { createTokenClient } from './token-client';

export interface ShingsouOptions {
  /** Origin of the token server. */
  idsUrl: string;
  /** Origin of the gateway. */
  apiUrl: string;
  clientId: string;
  clientSecret: string;
  subscriptionKey: string;
  /** Permissions asked for, separated by spaces. */
  scope: string;
  /** The mini-program whose login codes are exchanged and whose payment sheet opens. */
  appId: string;
  /** Where 旭宇 knocks when something became of an order. */
  notifyUrl: string;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Sees every HTTP exchange, for metrics and logs. */
  onCall?: ((call: UpstreamCall) => void) | undefined;
  /** Sees what an operator should look into. */
  warn?: Warn | undefined;
  /** Sees answers as they came. */
  onAnswer?: ObserveAnswer | undefined;
  /** Name of the token request's field for the client id; `client_Id` unless given. */
  tokenFieldName?: string | undefined;
  /** How the token request's form is sent; as multipart/form-data unless given. */
  tokenForm?: 'multipart' | 'urlencoded' | undefined;
  /** Holds the access token; in this process alone unless given. */
  holdTokens?: TokenHolderFactory | undefined;
  limits?: Partial<UpstreamLimits> | undefined;
}

export interface Shingsou {
  cards: CardPlatform;
  payments: PaymentGateway;
  identity: IdentityProvider;
  /** The access token that all of these share. */
  tokens: TokenHolder;
  /** Breaks off what is under way and lets go of every connection. */
  close(): Promise<void>;
}

const ignoreWarnings: Warn = () => undefined;

/** 旭宇 IOT, filling the ports for cards, payments and sign-in over one access token. */
export function createShingsou(options: ShingsouOptions): Shingsou {
  const {
    subscriptionKey,
    appId,
    notifyUrl,
    clock,
    onCall,
    limits,
    warn = ignoreWarnings,
  } = options;
  const { onAnswer } = options;
  const transport = { platform: 'shingsou', onCall, limits };
  const tokenHttp = createUpstreamHttp({ ...transport, origin: options.idsUrl });
  const gatewayHttp = createUpstreamHttp({ ...transport, origin: options.apiUrl });
  const fetchToken = createTokenClient({ ...options, http: tokenHttp });
  const tokens = options.holdTokens?.(fetchToken) ?? createTokenHolder({ fetchToken, clock });
  const client = createShingsouClient({
    http: gatewayHttp,
    ...{ tokens, subscriptionKey, warn, onAnswer },
  });
  return {
    cards: createCardPlatform({ client, notifyUrl, warn }),
    payments: createPaymentGateway({ client, appId, notifyUrl, warn }),
    identity: createIdentity({ client, appId }),
    tokens,
    async close() {
      await Promise.all([tokenHttp.close(), gatewayHttp.close()]);
    },
  };
}
