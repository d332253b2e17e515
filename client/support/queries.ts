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
}

const notFoundCodes: readonly string[] = ['card.number_invalid', 'card.not_found'];

/** A number that names no card may still name an order. */
function emptyIfNotFound(error: unknown): readonly Card[] {
  if (error instanceof ApiError && notFoundCodes.includes(error.code)) return [];
  throw error;
}

async function search(query: string): Promise<SearchResults> {
  const [cards, { items: orders }] = await Promise.all([
    staffApi('GET /support/cards', { query: { query } }).then(
      ({ items }) => items,
      emptyIfNotFound,
    ),
    staffApi('GET /support/orders', { query: { query } }),
  ]);
  return { cards, orders };
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
