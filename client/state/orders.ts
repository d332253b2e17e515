import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import type { Order } from '@shared/contract';
import { api } from '@client/api/services';
import { keys } from './keys';

const PAGE_SIZE = 20;

/** The caller's orders, newest first, page by page. */
export function useOrders() {
  return useInfiniteQuery({
    queryKey: keys.orders,
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      api('GET /orders', {
        query: pageParam ? { limit: PAGE_SIZE, cursor: pageParam } : { limit: PAGE_SIZE },
      }),
    getNextPageParam: (page) => page.nextCursor,
    staleTime: 5_000,
  });
}

/**
 * One order.
 * @param pollInterval how long to wait, in milliseconds, before asking again; false to leave it
 */
export function useOrder(orderId: string, pollInterval: (order: Order) => number | false) {
  return useQuery({
    queryKey: keys.order(orderId),
    enabled: orderId !== '',
    queryFn: () => api('GET /orders/:orderId', { params: { orderId } }),
    staleTime: 1_000,
    refetchInterval: (query) => (query.state.data ? pollInterval(query.state.data) : false),
  });
}

/** Takes in what an answer said about an order, wherever the order is shown. */
export function updateOrderCache(client: QueryClient, order: Order): Promise<void> {
  client.setQueryData(keys.order(order.id), order);
  return client.invalidateQueries({ queryKey: keys.orders, refetchType: 'none' });
}

/** Cancels an order that is not paid. */
export function useCancelOrder(orderId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api('POST /orders/:orderId/cancel', { params: { orderId } }),
    onSuccess: (order) => updateOrderCache(client, order),
  });
}
