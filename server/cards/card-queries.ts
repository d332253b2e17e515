import type { CardNumber } from '@shared/card-number';
import { iccidForms, normalizeIccid } from '@shared/card-number';
import type { Transaction } from 'kysely';
import { newId } from '../store/ids';
import type { CardRow, Database } from '../store/schema';
import type { Store } from '../store/store';
import type { PlatformCard } from '../platforms/ports';
import type { StoredReport } from './report-parts';

/** A card and how it is related to one user. */
export interface CardOfUser extends CardRow {
  in_wallet: 0 | 1;
  nickname: string | null;
  device_id: string | null;
}

/** More cards than a number means. */
const MAX_KNOWN_CARDS = 20;

interface KnownCardsQuery {
  platforms: readonly string[];
  /** Normalised: letters and digits only. */
  number: CardNumber;
  userId?: string | undefined;
}

type Writer = Store | Transaction<Database>;

/**
 * The reference under which a card is stored. A platform may answer with 20 characters of an ICCID where it
 * answered with 19 before: that is the same card, and it keeps its first reference.
 */
async function storedRef(writer: Writer, platform: string, ref: string): Promise<string> {
  const iccid = normalizeIccid(ref);
  if (iccid === undefined) return ref;
  const stored = await writer
    .selectFrom('cards')
    .select('ref')
    .where('platform', '=', platform)
    .where('ref', 'in', iccidForms(iccid))
    .orderBy('created_at')
    .executeTakeFirst();
  return stored?.ref ?? ref;
}

/** Stores a platform's card. The same card always keeps the same id. */
export async function upsertCard(
  writer: Writer,
  platform: string,
  { ref, iccid, accessNumber, carrier }: PlatformCard,
  now: number,
): Promise<CardRow> {
  return writer
    .insertInto('cards')
    .values({
      id: newId(),
      platform,
      ref: await storedRef(writer, platform, ref),
      iccid,
      access_number: accessNumber,
      carrier,
      report: null,
      fetched_at: null,
      refetch: 0,
      created_at: now,
    })
    .onConflict((conflict) =>
      conflict.columns(['ref', 'platform']).doUpdateSet((eb) => ({
        // A search that lacks a number or the carrier does not delete what an earlier one found.
        iccid: eb.fn.coalesce('excluded.iccid', 'cards.iccid'),
        access_number: accessNumber,
        ...(carrier !== 'unknown' && { carrier }),
      })),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The cards at some platforms that a number means and a user, if one is given, has seen. */
export function findKnownCards(
  store: Store,
  { platforms, number, userId }: KnownCardsQuery,
): Promise<CardRow[]> {
  const { kind, value } = number;
  const forms = kind === 'iccid' ? iccidForms(value) : [value];
  return store
    .selectFrom('cards')
    .selectAll()
    .where('platform', 'in', platforms)
    .where((eb) =>
      eb.or([
        kind === 'iccidSuffix' ? eb('iccid', 'like', `%${value}`) : eb('iccid', 'in', forms),
        eb('ref', 'in', forms),
        eb('access_number', '=', value),
      ]),
    )
    .$if(userId !== undefined, (query) =>
      query.where('id', 'in', (eb) =>
        eb
          .selectFrom('card_sightings')
          .select('card_id')
          .where('user_id', '=', userId ?? ''),
      ),
    )
    .orderBy('id')
    .limit(MAX_KNOWN_CARDS)
    .execute();
}

async function recordSighting(
  writer: Writer,
  userId: string,
  cardId: string,
  now: number,
): Promise<void> {
  await writer
    .insertInto('card_sightings')
    .values({ user_id: userId, card_id: cardId, seen_at: now })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'card_id']).doUpdateSet({ seen_at: now }),
    )
    .execute();
}

/**
 * Stores the cards that a user's search found, and that the user has seen them.
 * @returns their ids, in the same order
 */
export function upsertSeenCards(
  store: Store,
  userId: string,
  found: readonly { platform: string; card: PlatformCard }[],
  now: number,
): Promise<string[]> {
  return store.transaction().execute(async (tx) => {
    const ids: string[] = [];
    for (const { platform, card } of found) {
      const { id } = await upsertCard(tx, platform, card, now);
      await recordSighting(tx, userId, id, now);
      ids.push(id);
    }
    return ids;
  });
}

export async function saveReport(
  store: Store,
  cardId: string,
  report: StoredReport,
  now: number,
): Promise<void> {
  await store
    .updateTable('cards')
    .set({ report: JSON.stringify(report), fetched_at: now, refetch: 0 })
    .where('id', '=', cardId)
    .execute();
}

/** Marks the stored report as outdated: the next read queries the platform. */
export async function expireReport(store: Store, cardId: string): Promise<void> {
  await store.updateTable('cards').set({ refetch: 1 }).where('id', '=', cardId).execute();
}

/** A card with the device that it is bound to. */
export function findCard(
  store: Store,
  cardId: string,
): Promise<(CardRow & Pick<CardOfUser, 'device_id'>) | undefined> {
  return store
    .selectFrom('cards')
    .leftJoin('card_devices', 'card_devices.card_id', 'cards.id')
    .selectAll('cards')
    .select('card_devices.device_id')
    .where('cards.id', '=', cardId)
    .executeTakeFirst();
}

function selectCardsForUser(store: Store, userId: string) {
  return store
    .selectFrom('cards')
    .leftJoin('wallet_cards', (join) =>
      join.onRef('wallet_cards.card_id', '=', 'cards.id').on('wallet_cards.user_id', '=', userId),
    )
    .leftJoin('card_sightings', (join) =>
      join
        .onRef('card_sightings.card_id', '=', 'cards.id')
        .on('card_sightings.user_id', '=', userId),
    )
    .leftJoin('card_devices', 'card_devices.card_id', 'cards.id')
    .selectAll('cards')
    .select((eb) => [
      'wallet_cards.nickname',
      'card_devices.device_id',
      eb
        .case()
        .when('wallet_cards.user_id', 'is', null)
        .then(eb.lit(0))
        .else(eb.lit(1))
        .end()
        .as('in_wallet'),
    ]);
}

/** A card that the user has looked up or has in the wallet; undefined for any other card. */
export function findCardOfUser(
  store: Store,
  userId: string,
  cardId: string,
): Promise<CardOfUser | undefined> {
  return selectCardsForUser(store, userId)
    .where('cards.id', '=', cardId)
    .where((eb) =>
      eb.or([
        eb('wallet_cards.user_id', 'is not', null),
        eb('card_sightings.user_id', 'is not', null),
      ]),
    )
    .executeTakeFirst();
}

/** A card in the user's wallet. */
export function findWalletCard(
  store: Store,
  userId: string,
  cardId: string,
): Promise<CardRow | undefined> {
  return store
    .selectFrom('cards')
    .innerJoin('wallet_cards', 'wallet_cards.card_id', 'cards.id')
    .selectAll('cards')
    .where('wallet_cards.user_id', '=', userId)
    .where('cards.id', '=', cardId)
    .executeTakeFirst();
}

/** The cards in a user's wallet, most recently added first. */
export function listWalletCards(store: Store, userId: string): Promise<CardOfUser[]> {
  return selectCardsForUser(store, userId)
    .where('wallet_cards.user_id', '=', userId)
    .orderBy('wallet_cards.added_at', 'desc')
    .execute();
}

/** Adds a card to a wallet. @returns whether it was added, i.e. not in the wallet before */
export async function insertWalletCard(
  store: Store,
  entry: { userId: string; cardId: string; nickname: string | null; now: number },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await store
    .insertInto('wallet_cards')
    .values({
      user_id: entry.userId,
      card_id: entry.cardId,
      nickname: entry.nickname,
      added_at: entry.now,
    })
    .onConflict((conflict) => conflict.columns(['user_id', 'card_id']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** @returns whether the card is in the wallet */
export async function renameWalletCard(
  store: Store,
  userId: string,
  cardId: string,
  nickname: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('wallet_cards')
    .set({ nickname })
    .where('user_id', '=', userId)
    .where('card_id', '=', cardId)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** @returns whether the card was in the wallet */
export async function deleteWalletCard(
  store: Store,
  userId: string,
  cardId: string,
): Promise<boolean> {
  const { numDeletedRows } = await store
    .deleteFrom('wallet_cards')
    .where('user_id', '=', userId)
    .where('card_id', '=', cardId)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

export async function savePossessionProof(
  store: Store,
  userId: string,
  cardId: string,
  now: number,
): Promise<void> {
  await store
    .insertInto('card_possessions')
    .values({ user_id: userId, card_id: cardId, proven_at: now })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'card_id']).doUpdateSet({ proven_at: now }),
    )
    .execute();
}

/** When the user last proved possession of the card (epoch ms); undefined if never. */
export async function findPossessionProof(
  store: Store,
  userId: string,
  cardId: string,
): Promise<number | undefined> {
  const proof = await store
    .selectFrom('card_possessions')
    .select('proven_at')
    .where('user_id', '=', userId)
    .where('card_id', '=', cardId)
    .executeTakeFirst();
  return proof?.proven_at;
}
