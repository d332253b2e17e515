import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import type { Card } from '@shared/contract';
import { api } from '@client/api/services';
import { keys } from './keys';

/** Caches cards of a response for their own pages. */
function cacheCards(client: QueryClient, cards: readonly Card[]): void {
  for (const card of cards) client.setQueryData(keys.card(card.id), card);
}

/** Looks up cards by a number and caches them for `useCard`. */
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

/** The cards of the wallet. */
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

/** Makes the BFF query the platform for current data. */
export function useRefreshCard(cardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api('POST /cards/:cardId/refresh', { params: { cardId } }),
    onSuccess: (card) => cacheCards(client, [card]),
  });
}

/** Has the wallet fetched again when it is next shown. */
function invalidateWallet(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: keys.wallet });
}

/** Adds a card to the wallet, with a nickname if one is given. */
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

/** Sets the nickname of a card in the wallet; null removes it. */
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

/** Removes a card from the wallet. */
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
