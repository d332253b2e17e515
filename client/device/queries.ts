import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { QueryClient } from '@tanstack/react-query';
import { api } from '@client/api/services';
import { keys } from '@client/state/keys';
import { runInBackground } from '@client/lib/rejections';

/** These keys are not among the persisted ones: the users of a device are never stored on the phone. */
const deviceKeys = {
  device: (deviceId: string) => ['device', deviceId],
  users: (deviceId: string) => ['device-users', deviceId],
};

/** A device that is bound to a card of the wallet. */
export function useDevice(deviceId: string) {
  return useQuery({
    queryKey: deviceKeys.device(deviceId),
    queryFn: () => api('GET /devices/:deviceId', { params: { deviceId } }),
  });
}

/** The users who can control a device. */
export function useDeviceUsers(deviceId: string) {
  return useQuery({
    queryKey: deviceKeys.users(deviceId),
    queryFn: async () => {
      const { items } = await api('GET /devices/:deviceId/users', { params: { deviceId } });
      return items;
    },
  });
}

/** Has the card fetched again, because it contains the id of its device. */
async function invalidateBinding(client: QueryClient, cardId: string): Promise<void> {
  await client.invalidateQueries({ queryKey: keys.card(cardId) });
  await client.invalidateQueries({ queryKey: keys.wallet });
}

/** Binds a device to a card of the wallet. */
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

/** Unbinds the device from its card. The users of the device are not affected. */
export function useUnbindDevice(cardId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api('DELETE /me/cards/:cardId/device', { params: { cardId } }),
    onSuccess: () => invalidateBinding(client, cardId),
  });
}

/** Proves possession of a card by its full number. */
export function useProvePossession(cardId: string) {
  return useMutation({
    mutationFn: (number: string) =>
      api('POST /me/cards/:cardId/possession', { params: { cardId }, body: { number } }),
  });
}

/** Releases the device from all its users, and fetches them again whatever the outcome. */
export function useReleaseDevice(deviceId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (confirm: number) =>
      api('DELETE /devices/:deviceId/binding', { params: { deviceId }, query: { confirm } }),
    // Not awaited, so that the outcome is shown immediately.
    onSettled: () =>
      runInBackground(client.invalidateQueries({ queryKey: deviceKeys.users(deviceId) })),
  });
}
