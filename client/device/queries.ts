import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { api } from '@client/api/services';
import { keys } from '@client/state/keys';

/** Under names of their own: who holds a device is never kept on the phone. */
const deviceKeys = {
  device: (deviceId: string) => ['device', deviceId],
  users: (deviceId: string) => ['device-users', deviceId],
};

/** A device that is tied to a card of the wallet. */
export function useDevice(deviceId: string) {
  return useQuery({
    queryKey: deviceKeys.device(deviceId),
    queryFn: () => api('GET /devices/:deviceId', { params: { deviceId } }),
  });
}

/** Everybody who can control it. */
export function useDeviceUsers(deviceId: string) {
  return useQuery({
    queryKey: deviceKeys.users(deviceId),
    queryFn: async () => {
      const { items } = await api('GET /devices/:deviceId/users', { params: { deviceId } });
      return items;
    },
  });
}

/** The card says which device it is tied to. */
async function invalidateBinding(client: QueryClient, cardId: string): Promise<void> {
  await client.invalidateQueries({ queryKey: keys.card(cardId) });
  await client.invalidateQueries({ queryKey: keys.wallet });
}

/** Ties a device to a card of the wallet. */
export function useBindDevice(cardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (deviceId: string) =>
      api('PUT /me/cards/:cardId/device', { params: { cardId }, body: { deviceId } }),
    onSuccess: (device) => {
      client.setQueryData(deviceKeys.device(device.id), device);
      return invalidateBinding(client, cardId);
    },
  });
}

/** Takes the tie away; the device stays with whoever holds it. */
export function useUnbindDevice(cardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api('DELETE /me/cards/:cardId/device', { params: { cardId } }),
    onSuccess: () => invalidateBinding(client, cardId),
  });
}

/** Proves that the card is at hand, by its whole number. */
export function useProvePossession(cardId: string) {
  return useMutation({
    mutationFn: (number: string) =>
      api('POST /me/cards/:cardId/possession', { params: { cardId }, body: { number } }),
  });
}

/** Takes the device from everybody; whatever came of it, who holds it is asked again. */
export function useReleaseDevice(deviceId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (confirm: number) =>
      api('DELETE /devices/:deviceId/binding', { params: { deviceId }, query: { confirm } }),
    // Not waited for: what came of it is told at once.
    onSettled: () => void client.invalidateQueries({ queryKey: deviceKeys.users(deviceId) }),
  });
}
