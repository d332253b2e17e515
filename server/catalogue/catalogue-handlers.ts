import type { CardContext } from '../cards/card-context';
import { viewCard } from '../cards/view-card';
import type { Handlers } from '../contract/handlers';
import type { PackageOffer } from '../prices/priced-offer';
import { presentPackage } from './package-presenter';
import { purchaseEligibilityOf } from './purchase-eligibility';
import type { CatalogueContext } from './read-catalogue';
import { readCatalogue } from './read-catalogue';

export type CatalogueRoute = 'GET /cards/:cardId/packages';

/** The packages on sale, for customers. */
export function catalogueHandlers(
  context: CardContext & CatalogueContext,
): Pick<Handlers, CatalogueRoute> {
  return {
    'GET /cards/:cardId/packages': async ({ auth, params, language }) => {
      const card = await viewCard(context, auth.userId, params.cardId);
      const { categories, offers } = await readCatalogue(context, card);
      const { platform, carrier } = card;
      const view = { eligibility: purchaseEligibilityOf(card), language, now: context.clock() };
      const present = (offer: PackageOffer) => {
        const subject = { platform, carrier, packageId: offer.id };
        return presentPackage(offer, {
          ...view,
          settlementDay: context.findSettlementDay(subject),
        });
      };
      return {
        status: 200,
        body: {
          categories: categories.map((category) => ({
            ...category,
            packages: offers.filter(({ categoryId }) => categoryId === category.id).map(present),
          })),
        },
      };
    },
  };
}
