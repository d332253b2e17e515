import type { Transaction } from 'kysely';
import { newId } from '../store/ids';
import type { CardDeviceRow, Database, DeviceReleaseRow } from '../store/schema';
import type { Store } from '../store/store';
import { isUniqueViolation } from '../store/unique-violation';

export interface DeviceBinding {
  cardId: string;
  deviceId: string;
  now: number;
}

/** The binding of a device to a card in the user's wallet; undefined for any other device. */
export function findBindingOfUser(
  store: Store,
  userId: string,
  deviceId: string,
): Promise<CardDeviceRow | undefined> {
  return store
    .selectFrom('card_devices')
    .innerJoin('wallet_cards', 'wallet_cards.card_id', 'card_devices.card_id')
    .selectAll('card_devices')
    .where('wallet_cards.user_id', '=', userId)
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
}

export function findBindingOfDevice(
  store: Store,
  deviceId: string,
): Promise<CardDeviceRow | undefined> {
  return store
    .selectFrom('card_devices')
    .selectAll()
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
}

function findBindingOfCard(store: Store, cardId: string): Promise<CardDeviceRow | undefined> {
  return store
    .selectFrom('card_devices')
    .selectAll()
    .where('card_id', '=', cardId)
    .executeTakeFirst();
}

/** @returns undefined if the device is bound to another card */
async function undefinedIfBoundElsewhere<Done>(
  write: () => Promise<Done>,
): Promise<Done | undefined> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error, 'card_devices.device_id')) return undefined;
    throw error;
  }
}

/** Binds a device to a card for a customer. A binding by staff or of another card is not replaced. */
export async function bindByUser(
  store: Store,
  { cardId, deviceId, now }: DeviceBinding,
  userId: string,
): Promise<'bound' | 'elsewhere' | 'byShop'> {
  const row = { device_id: deviceId, tied_at: now, user_id: userId, staff_id: null };
  const written = await undefinedIfBoundElsewhere(() =>
    store
      .insertInto('card_devices')
      .values({ card_id: cardId, ...row })
      .onConflict((conflict) =>
        conflict.column('card_id').doUpdateSet(row).where('card_devices.staff_id', 'is', null),
      )
      .returning('card_id')
      .execute(),
  );
  if (!written) return 'elsewhere';
  if (written.length > 0) return 'bound';
  const existing = await findBindingOfCard(store, cardId);
  return existing?.device_id === deviceId ? 'bound' : 'byShop';
}

function deleteConflictingBindings(
  transaction: Transaction<Database>,
  { cardId, deviceId }: DeviceBinding,
) {
  return transaction
    .deleteFrom('card_devices')
    .where((eb) => eb.or([eb('card_id', '=', cardId), eb('device_id', '=', deviceId)]))
    .execute();
}

/** Binds a device to a card for staff. Existing bindings of both are replaced. */
export async function bindByStaff(
  store: Store,
  binding: DeviceBinding,
  staffId: string,
): Promise<'bound' | 'elsewhere'> {
  const { cardId, deviceId, now } = binding;
  const row = { card_id: cardId, device_id: deviceId, tied_at: now };
  const written = await undefinedIfBoundElsewhere(() =>
    store.transaction().execute(async (transaction) => {
      await deleteConflictingBindings(transaction, binding);
      const values = { ...row, user_id: null, staff_id: staffId };
      await transaction.insertInto('card_devices').values(values).execute();
      return true;
    }),
  );
  return written ? 'bound' : 'elsewhere';
}

/** Unbinds a card in the user's wallet. A binding by staff is not removed. */
export async function unbindByUser(
  store: Store,
  userId: string,
  cardId: string,
): Promise<'unbound' | 'byShop' | 'absent'> {
  const walletCardIds = store
    .selectFrom('wallet_cards')
    .select('card_id')
    .where('user_id', '=', userId);
  const { numDeletedRows } = await store
    .deleteFrom('card_devices')
    .where('card_id', '=', cardId)
    .where('card_id', 'in', walletCardIds)
    .where('staff_id', 'is', null)
    .executeTakeFirstOrThrow();
  if (numDeletedRows > 0n) return 'unbound';
  const existing = await findBindingOfCard(store, cardId);
  const isOwnBinding = existing && (await findBindingOfUser(store, userId, existing.device_id));
  return isOwnBinding ? 'byShop' : 'absent';
}

/** @returns whether a device was bound to the card */
export async function unbindByStaff(store: Store, cardId: string): Promise<boolean> {
  const { numDeletedRows } = await store
    .deleteFrom('card_devices')
    .where('card_id', '=', cardId)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** Records that the release of a device is about to be requested. @returns the id of the record */
export async function recordRelease(
  store: Store,
  release: Omit<DeviceReleaseRow, 'id' | 'outcome'>,
): Promise<string> {
  const id = newId();
  await store
    .insertInto('device_releases')
    .values({ ...release, id, outcome: 'asked' })
    .execute();
  return id;
}

export async function recordReleaseOutcome(
  store: Store,
  id: string,
  outcome: DeviceReleaseRow['outcome'],
): Promise<void> {
  await store.updateTable('device_releases').set({ outcome }).where('id', '=', id).execute();
}
