import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import type { Card } from '@shared/contract';
import { api } from '@client/api/services';
import { keys } from './keys';

/** Puts cards an answer brought along where their own page looks for them. */
function cacheCards(client: QueryClient, cards: readonly Card[]): void {
  for (const card of cards) client.setQueryData(keys.card(card.id), card);
}

/** Looks cards up by a number, ready to be shown by `useCard`. */
export function useCardLookUp() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (number: string) => {
      const { items } = await api('GET /cards', { query: { number } });
      cacheCards(client, items);
      return items;
    },
  });
}

/** The wallet. */
export function useWallet(enabled: boolean) {
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.wallet,
    enabled,
    queryFn: async () => {
      const { items } = await api('GET /me/cards');
      cacheCards(client, items);
      return items;
    },
  });
}

/** One card. */
export function useCard(cardId: string) {
  return useQuery({
    queryKey: keys.card(cardId),
    enabled: cardId !== '',
    queryFn: () => api('GET /cards/:cardId', { params: { cardId } }),
  });
}

/** Asks the platform afresh. */
export function useRefreshCard(cardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api('POST /cards/:cardId/refresh', { params: { cardId } }),
    onSuccess: (card) => cacheCards(client, [card]),
  });
}

/** The wallet has changed: what stands in it is asked for when it is next shown. */
function invalidateWallet(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: keys.wallet });
}

/** Puts a card into the wallet, under its name if it has one. */
export function useAddCard(cardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (nickname: string | null) =>
      api('POST /me/cards', { body: { cardId, ...(nickname !== null && { nickname }) } }),
    onSuccess: (card) => {
      cacheCards(client, [card]);
      return invalidateWallet(client);
    },
  });
}

/** Names a card of the wallet; null takes the name away. */
export function useRenameCard(cardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (nickname: string | null) =>
      api('PATCH /me/cards/:cardId', { params: { cardId }, body: { nickname } }),
    onSuccess: (card) => {
      cacheCards(client, [card]);
      return invalidateWallet(client);
    },
  });
}

/** Takes a card out of the wallet. */
export function useRemoveCard(cardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api('DELETE /me/cards/:cardId', { params: { cardId } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.card(cardId) });
      return invalidateWallet(client);
    },
  });
}

/** The packages on sale for a card. */
export function usePackages(cardId: string) {
  return useQuery({
    queryKey: keys.packages(cardId),
    enabled: cardId !== '',
    queryFn: () => api('GET /cards/:cardId/packages', { params: { cardId } }),
  });
}
