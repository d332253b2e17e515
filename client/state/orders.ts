import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import type { Order } from '@shared/contract';
import { api } from '@client/api/services';
import { keys } from './keys';

const PAGE_SIZE = 20;

/** The customer's orders, newest first, page by page. */
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
 * @param pollInterval the delay until the next poll, in milliseconds, or false to stop polling
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

/**
 * An order by its number, as WeChat's order pages link to it. Read once: `useOrder` follows the order from then on.
 * @param number the order number; empty if the order is known by its id
 */
export function useOrderByNumber(number: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.orderByNumber(number),
    enabled: number !== '',
    queryFn: async () => {
      const order = await api('GET /orders/by-number/:number', { params: { number } });
      client.setQueryData(keys.order(order.id), order);
      return order;
    },
    staleTime: Infinity,
  });
}

/** Caches an order of a response, and has the list of orders fetched again when it is next shown. */
export function updateOrderCache(client: QueryClient, order: Order): Promise<void> {
  client.setQueryData(keys.order(order.id), order);
  return client.invalidateQueries({ queryKey: keys.orders, refetchType: 'none' });
}

/** Cancels an unpaid order. */
export function useCancelOrder(orderId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api('POST /orders/:orderId/cancel', { params: { orderId } }),
    onSuccess: (order) => updateOrderCache(client, order),
  });
}
