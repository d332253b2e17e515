import { startOfBillingMonth } from '@shared/billing-month';
import type { CardView } from '../cards/card-view';
import { viewCard } from '../cards/view-card';
import type { Effective } from '../catalogue/package-validity';
import { packageValidity } from '../catalogue/package-validity';
import { packageBlock, purchaseEligibilityOf } from '../catalogue/purchase-eligibility';
import { readOffer } from '../catalogue/read-catalogue';
import type { UserAuth } from '../contract/caller';
import { deliveryLockFor, isDeliveryLocked } from '../deliveries/delivery-queries';
import { ApiError } from '../lib/api-error';
import { newOrderNumber } from '../orders/order-number';
import { buildOpenOrderKey } from '../orders/order-queries';
import { UNSTATED_DATA_MB } from '../orders/package-volume';
import type { PackageOffer } from '../prices/priced-offer';
import type { FetchedBalance } from '../prices/shop-balance';
import { assertBalanceCovers } from '../prices/shop-balance';
import { newId } from '../store/ids';
import type { OrderRow } from '../store/schema';
import type { CheckoutContext } from './checkout-context';
import { paymentDeadline } from './payment-window';

/** What a customer wants to buy. */
export interface Purchase {
  cardId: string;
  packageId: string;
  effective: Effective;
  /** The start that the customer was shown, in epoch ms; undefined if the client did not name it. */
  shownFrom: number | undefined;
}

/** An order that is not stored yet, and the prepaid balance that covers it, if its platform is prepaid. */
export interface BuiltOrder {
  order: OrderRow;
  balance: FetchedBalance | undefined;
}

/**
 * Checks that a purchase is possible now and builds its order, at the current price. Stores nothing.
 * @throws ApiError `card.*`, `package.*` (`package.period_changed` if it would start in another billing month
 * than the customer was shown), `platform.unavailable`
 */
export async function buildOrder(
  context: CheckoutContext,
  user: UserAuth,
  purchase: Purchase,
): Promise<BuiltOrder> {
  const { clock, gateways } = context;
  const card = await viewCard(context, user.userId, purchase.cardId);
  const offer = await findPurchasableOffer(context, card, purchase);
  const openOrderKey = buildOpenOrderKey(user.userId, card.id, offer.id);
  const sale = { platform: card.platform, cost: offer.cost, openOrderKey };
  const balance = await assertBalanceCovers(context, sale);
  const now = clock();
  const { platform, carrier } = card;
  const settlementDay = context.findSettlementDay({ platform, carrier, packageId: offer.id });
  const { from, until } = packageValidity(
    purchase.effective,
    { months: offer.months, settlementDay },
    now,
  );
  if (!isShownPeriod(purchase, { effective_from: from, settlement_day: settlementDay }))
    throw new ApiError('package.period_changed');
  const order: OrderRow = {
    id: newId(),
    number: newOrderNumber(now),
    user_id: user.userId,
    card_id: card.id,
    platform: card.platform,
    card_ref: card.ref,
    iccid: card.iccid,
    openid: user.openid,
    channel: gateways.current.name,
    package_id: offer.id,
    package_name: offer.name,
    package_data_mb: offer.dataMb ?? UNSTATED_DATA_MB,
    effective: purchase.effective,
    effective_from: from,
    settlement_day: settlementDay,
    effective_until: until,
    amount_fen: offer.price,
    cost_fen: offer.cost,
    state: 'created',
    state_since: now,
    version: 0,
    open_key: openOrderKey,
    pay_before: paymentDeadline(now, settlementDay),
    cancel_requested_at: null,
    paid_at: null,
    delivered_at: null,
    transaction_id: null,
    created_at: now,
  };
  return { order, balance };
}

/** Whether a package starts in the billing month that the customer was shown. */
export function isShownPeriod(
  { shownFrom }: Pick<Purchase, 'shownFrom'>,
  { effective_from, settlement_day }: Pick<OrderRow, 'effective_from' | 'settlement_day'>,
): boolean {
  if (shownFrom === undefined) return true;
  const monthOf = (instant: number) => startOfBillingMonth(instant, settlement_day);
  return monthOf(shownFrom) === monthOf(effective_from);
}

async function findPurchasableOffer(
  context: CheckoutContext,
  card: CardView,
  { packageId, effective }: Purchase,
): Promise<PackageOffer> {
  const eligibility = purchaseEligibilityOf(card);
  if (!eligibility.cardCanBuy) throw new ApiError('card.cannot_buy');
  const offer = await readOffer(context, card, packageId);
  const block = packageBlock(offer, eligibility);
  if (block) throw new ApiError('package.cannot_buy', { detail: block });
  if (!offer.effective.includes(effective)) throw new ApiError('package.cannot_buy');
  if (await isDeliveryLocked(context.store, deliveryLockFor(card.id, offer.id)))
    throw new ApiError('package.being_delivered');
  return offer;
}
