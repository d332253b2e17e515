import type { DeviceRoute } from '@shared/contract/devices';
import type { CatalogueService } from '../catalogue/catalogue-service';
import { purchaseEligibilityOf } from '../catalogue/catalogue-service';
import { presentPackage } from '../catalogue/package-presenter';
import type { Handlers } from '../contract/handlers';
import { presentCard, presentSubscription } from './card-presenter';
import type { CardService } from './card-service';
import type { Possession } from './possession';

type CardRoutes = Exclude<
  Extract<keyof Handlers, `${string} /cards${string}` | `${string} /me/cards${string}`>,
  DeviceRoute
>;

/** Looking cards up, the wallet, and what is on sale for a card. */
export function cardHandlers({
  cards,
  catalogue,
  possession,
  clock,
}: {
  cards: CardService;
  catalogue: CatalogueService;
  possession: Possession;
  clock: () => number;
}): Pick<Handlers, CardRoutes> {
  return {
    'GET /cards': async ({ auth, query, language }) => {
      const views = await cards.lookUp(auth.userId, query.number);
      return { status: 200, body: { items: views.map((view) => presentCard(view, { language })) } };
    },
    'GET /cards/:cardId': async ({ auth, params, language }) => {
      const view = await cards.view(auth.userId, params.cardId);
      return { status: 200, body: presentCard(view, { language }) };
    },
    'POST /cards/:cardId/refresh': async ({ auth, params, language }) => {
      const view = await cards.refresh(auth.userId, params.cardId);
      return { status: 200, body: presentCard(view, { language }) };
    },
    'GET /cards/:cardId/subscriptions': async ({ auth, params }) => {
      const { report } = await cards.view(auth.userId, params.cardId);
      return { status: 200, body: { items: report.packages.map(presentSubscription) } };
    },
    'GET /cards/:cardId/packages': async ({ auth, params, language }) => {
      const card = await cards.view(auth.userId, params.cardId);
      const { categories, offers } = await catalogue.forCard(card);
      const view = { eligibility: purchaseEligibilityOf(card), language, now: clock() };
      return {
        status: 200,
        body: {
          categories: categories.map((category) => ({
            ...category,
            packages: offers
              .filter(({ categoryId }) => categoryId === category.id)
              .map((offer) => presentPackage(offer, view)),
          })),
        },
      };
    },
    'GET /me/cards': async ({ auth, language }) => {
      const views = await cards.wallet(auth.userId);
      return {
        status: 200,
        body: { items: views.map((view) => presentCard(view, { language })), nextCursor: null },
      };
    },
    'POST /me/cards': async ({ auth, body, language }) => {
      const nickname = body.nickname === '' ? null : (body.nickname ?? null);
      const { view, added } = await cards.addToWallet(auth.userId, body, nickname);
      return { status: added ? 201 : 200, body: presentCard(view, { language }) };
    },
    'PATCH /me/cards/:cardId': async ({ auth, params, body, language }) => {
      const nickname = body.nickname === '' ? null : body.nickname;
      const view = await cards.rename(auth.userId, params.cardId, nickname);
      return { status: 200, body: presentCard(view, { language }) };
    },
    'POST /me/cards/:cardId/possession': async ({ auth, params, body }) => {
      await possession.prove(auth.userId, params.cardId, body.number);
      return { status: 204 };
    },
    'DELETE /me/cards/:cardId': async ({ auth, params }) => {
      await cards.removeFromWallet(auth.userId, params.cardId);
      return { status: 204 };
    },
  };
}
