import type { Handlers } from '../contract/handlers';
import { ApiError } from '../lib/api-error';
import type { CardContext } from './card-context';
import { presentCard, presentSubscription } from './card-presenter';
import { lookUpCards } from './look-up-card';
import { provePossession } from './prove-possession';
import { refreshCard } from './refresh-card';
import { isPartKnown, unreadablePartsOf } from './report-parts';
import { showCard } from './view-card';
import { addToWallet, listWallet, removeFromWallet, renameCard } from './wallet';

export type CardRoute =
  | 'GET /cards'
  | 'GET /cards/:cardId'
  | 'POST /cards/:cardId/refresh'
  | 'GET /cards/:cardId/subscriptions';

export type WalletRoute =
  | 'GET /me/cards'
  | 'POST /me/cards'
  | 'PATCH /me/cards/:cardId'
  | 'DELETE /me/cards/:cardId'
  | 'POST /me/cards/:cardId/possession';

/** Looking cards up, for customers. */
export function cardHandlers(context: CardContext): Pick<Handlers, CardRoute> {
  return {
    'GET /cards': async ({ auth, query, language }) => {
      const found = await lookUpCards(context, auth.userId, query.number);
      const { views, unansweredPlatforms } = found;
      const items = views.map((view) => presentCard(view, { language }));
      return { status: 200, body: { items, unansweredPlatforms } };
    },
    'GET /cards/:cardId': async ({ auth, params, language }) => {
      const view = await showCard(context, auth.userId, params.cardId);
      return { status: 200, body: presentCard(view, { language }) };
    },
    'POST /cards/:cardId/refresh': async ({ auth, params, language }) => {
      const view = await refreshCard(context, auth.userId, params.cardId);
      return { status: 200, body: presentCard(view, { language }) };
    },
    'GET /cards/:cardId/subscriptions': async ({ auth, params }) => {
      const view = await showCard(context, auth.userId, params.cardId);
      if (!isPartKnown(view, 'packages')) throw new ApiError('platform.unavailable');
      const isComplete = unreadablePartsOf(view).every(({ part }) => part !== 'packages');
      const items = view.report.packages.map(presentSubscription);
      return { status: 200, body: { items, isComplete } };
    },
  };
}

/** The wallet, for customers. */
export function walletHandlers(context: CardContext): Pick<Handlers, WalletRoute> {
  return {
    'GET /me/cards': async ({ auth, language }) => {
      const views = await listWallet(context, auth.userId);
      return {
        status: 200,
        body: { items: views.map((view) => presentCard(view, { language })), nextCursor: null },
      };
    },
    'POST /me/cards': async ({ auth, body, language }) => {
      const nickname = body.nickname === '' ? null : (body.nickname ?? null);
      const { view, added } = await addToWallet(context, auth.userId, body, nickname);
      return { status: added ? 201 : 200, body: presentCard(view, { language }) };
    },
    'PATCH /me/cards/:cardId': async ({ auth, params, body, language }) => {
      const nickname = body.nickname === '' ? null : body.nickname;
      const view = await renameCard(context, auth.userId, params.cardId, nickname);
      return { status: 200, body: presentCard(view, { language }) };
    },
    'POST /me/cards/:cardId/possession': async ({ auth, params, body }) => {
      await provePossession(context, auth.userId, params.cardId, body.number);
      return { status: 204 };
    },
    'DELETE /me/cards/:cardId': async ({ auth, params }) => {
      await removeFromWallet(context, auth.userId, params.cardId);
      return { status: 204 };
    },
  };
}
