import { useQuery } from '@tanstack/react-query';
import type { ApiResponse, Card, Order } from '@shared/contract';
import { ApiError } from '@client/api/api-error';
import { staffApi } from './staff-session';

export type SupportCard = ApiResponse<'GET /support/cards/:cardId'>;
export type SupportOrder = ApiResponse<'GET /support/orders/:orderId'>;

/** The cards and orders found for a number. */
export interface SearchResults {
  cards: readonly Card[];
  orders: readonly Order[];
  /** The platforms whose cards could not be searched; null: none could. */
  unanswered: readonly string[] | null;
}

type FoundCards = Pick<SearchResults, 'cards' | 'unanswered'>;

const notFoundCodes: readonly string[] = ['card.number_invalid', 'card.not_found'];
const unansweredCodes: readonly string[] = ['platform.unavailable', 'platform.busy'];

/** A number that names no card may still name an order, and so may one that no platform answers. */
function emptyIfNotFound(error: unknown): FoundCards {
  if (!(error instanceof ApiError)) throw error;
  if (notFoundCodes.includes(error.code)) return { cards: [], unanswered: [] };
  if (unansweredCodes.includes(error.code)) return { cards: [], unanswered: null };
  throw error;
}

async function search(query: string): Promise<SearchResults> {
  const [found, { items: orders }] = await Promise.all([
    staffApi('GET /support/cards', { query: { query } }).then(
      ({ items, unansweredPlatforms }): FoundCards => ({
        cards: items,
        unanswered: unansweredPlatforms,
      }),
      emptyIfNotFound,
    ),
    staffApi('GET /support/orders', { query: { query } }),
  ]);
  return { ...found, orders };
}

/** Searches cards and orders by any of their numbers. */
export function useSearch(query: string) {
  return useQuery({
    queryKey: ['staff-search', query],
    enabled: query !== '',
    queryFn: () => search(query),
  });
}

/** A card with its orders and the platform's raw responses. */
export function useSupportCard(cardId: string) {
  return useQuery({
    queryKey: ['staff-card', cardId],
    queryFn: () => staffApi('GET /support/cards/:cardId', { params: { cardId } }),
  });
}

/** An order with its whole timeline. */
export function useSupportOrder(orderId: string) {
  return useQuery({
    queryKey: ['staff-order', orderId],
    queryFn: () => staffApi('GET /support/orders/:orderId', { params: { orderId } }),
  });
}
