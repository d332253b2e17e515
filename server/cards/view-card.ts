import type { CardNumber } from '@shared/card-number';
import { parseCardNumber } from '@shared/card-number';
import type { Carrier } from '@shared/carrier-status';
import { carriers } from '@shared/carrier-status';
import type { LocalizedText } from '@shared/language';
import type { CardReport } from '../platforms/ports';
import { isYounger } from '../lib/age';
import { orRefuse } from '../platforms/or-refuse';
import { ApiError } from '../lib/api-error';
import type { CardRow } from '../store/schema';
import type { Store } from '../store/store';
import type { createCardFinder, FoundCard } from './card-finder';
import type { CardPlatforms } from '../platforms/card-platforms';
import type { CardView } from './card-presenter';
import type { CardOfUser } from './card-queries';
import {
  addToWallet,
  expireReport,
  findCard,
  findCardOfUser,
  listWallet,
  recordSighting,
  upsertCard,
  removeFromWallet,
  renameInWallet,
  saveReport,
} from './card-queries';
import type { LookupLimits } from './lookup-limits';

/** How long a platform's report is good for when a card is shown, and when many are listed. */
const REPORT_TTL_MS = 60_000;
const LIST_REPORT_TTL_MS = 10 * 60_000;
/** How soon a person may ask for a fresh report again. */
const REFRESH_COOLDOWN_MS = 15_000;

export interface CardService {
  /** The cards a number can mean. @throws ApiError `card.*`, `platform.unavailable` */
  lookUp(userId: string, number: string): Promise<CardView[]>;
  /** A card the person has looked up or holds. @throws ApiError `card.not_found` */
  view(userId: string, cardId: string): Promise<CardView>;
  refresh(userId: string, cardId: string): Promise<CardView>;
  wallet(userId: string): Promise<CardView[]>;
  /** @returns the card, and whether it was not in the wallet before */
  addToWallet(
    userId: string,
    named: { number?: string | undefined; cardId?: string | undefined },
    nickname: string | null,
  ): Promise<{ view: CardView; added: boolean }>;
  rename(userId: string, cardId: string, nickname: string | null): Promise<CardView>;
  removeFromWallet(userId: string, cardId: string): Promise<void>;
  /** For staff: cards by number, without limits and ties. */
  searchForStaff(number: CardNumber): Promise<CardView[]>;
  viewForStaff(cardId: string): Promise<CardView>;
  /** Makes the next reader of a card ask its platform. */
  expire(cardId: string): Promise<void>;
}

interface CardServiceParts {
  store: Store;
  clock: () => number;
  platforms: CardPlatforms;
  find: ReturnType<typeof createCardFinder>;
  limits: LookupLimits;
  /** Whether the shop has a platform for devices. */
  hasDevices: boolean;
}

/** Finds cards on their platform, keeps what it said for a short while, and minds who may see what. */
export function createCardService({
  store,
  clock,
  platforms,
  find,
  limits,
  hasDevices,
}: CardServiceParts): CardService {
  const reportsInFlight = new Map<string, Promise<{ report: CardReport; fetchedAt: number }>>();

  async function fetchReport(card: CardRow) {
    const platform = platforms.find(card.platform);
    if (!platform) throw new ApiError('card.not_found');
    const report = await orRefuse(() => platform.report(card.ref));
    if (!report) throw new ApiError('card.not_found');
    const fetchedAt = clock();
    await saveReport(store, card.id, report, fetchedAt);
    return { report, fetchedAt };
  }

  /** One question at a time for a card, however many people look at it. */
  function fetchReportOnce(card: CardRow) {
    const inFlight = reportsInFlight.get(card.id);
    if (inFlight) return inFlight;
    const task = fetchReport(card).finally(() => reportsInFlight.delete(card.id));
    reportsInFlight.set(card.id, task);
    return task;
  }

  /** What is known is better than nothing: where the platform does not answer, its last word stands. */
  async function readReport(card: CardRow, maxAgeMs: number) {
    const saved = readSavedReport(card);
    if (saved && card.refetch === 0 && isYounger(saved.fetchedAt, maxAgeMs, clock())) return saved;
    try {
      return await fetchReportOnce(card);
    } catch (error) {
      if (saved && error instanceof ApiError) return saved;
      throw error;
    }
  }

  async function loadView(card: CardRow & Partial<CardOfUser>, maxAgeMs = REPORT_TTL_MS) {
    return toView(card, await readReport(card, maxAgeMs));
  }

  function toView(
    card: CardRow & Partial<CardOfUser>,
    { report, fetchedAt }: { report: CardReport; fetchedAt: number },
  ): CardView {
    return {
      id: card.id,
      platform: card.platform,
      ref: card.ref,
      iccid: card.iccid,
      carrier: carrierOf(card, report),
      report,
      fetchedAt,
      inWallet: card.in_wallet === 1,
      nickname: card.nickname ?? null,
      deviceId: card.device_id ?? null,
      hasDevices,
    };
  }

  async function requireCardOfUser(userId: string, cardId: string): Promise<CardOfUser> {
    const card = await findCardOfUser(store, userId, cardId);
    if (!card) throw new ApiError('card.not_found');
    return card;
  }

  async function viewForStaff(cardId: string): Promise<CardView> {
    const card = await findCard(store, cardId);
    if (!card) throw new ApiError('card.not_found');
    return loadView(card);
  }

  function findCards(number: CardNumber): Promise<FoundCard[]> {
    return orRefuse(() => find(number));
  }

  /** Finds a number's cards for a person, who may from then on see them by id. */
  async function findCardsForUser(userId: string, input: string): Promise<CardOfUser[]> {
    const number = requireCardNumber(input);
    await limits.consumeLookup(userId, number);
    const found = await findCards(number);
    if (found.length === 0) {
      await limits.recordMiss(userId);
      throw new ApiError('card.not_found');
    }
    const now = clock();
    const ids = await store.transaction().execute(async (tx) => {
      const cards: string[] = [];
      for (const { platform, card } of found) {
        const { id } = await upsertCard(tx, platform, card, now);
        await recordSighting(tx, userId, id, now);
        cards.push(id);
      }
      return cards;
    });
    return Promise.all(ids.map((id) => requireCardOfUser(userId, id)));
  }

  async function findSingleCard(userId: string, number: string): Promise<CardOfUser> {
    const [card, ...others] = await findCardsForUser(userId, number);
    if (!card || others.length > 0) {
      throw new ApiError('card.number_invalid', { detail: ambiguousNumberText });
    }
    return card;
  }

  return {
    lookUp: async (userId, number) => {
      const cards = await findCardsForUser(userId, number);
      return Promise.all(cards.map((card) => loadView(card)));
    },
    view: async (userId, cardId) => loadView(await requireCardOfUser(userId, cardId)),
    refresh: async (userId, cardId) => {
      const card = await requireCardOfUser(userId, cardId);
      const now = clock();
      if (isYounger(card.fetched_at, REFRESH_COOLDOWN_MS, now)) {
        const freeAt = (card.fetched_at ?? now) + REFRESH_COOLDOWN_MS;
        const retryAfterSeconds = Math.ceil((freeAt - now) / 1000);
        throw new ApiError('card.refresh_too_soon', { retryAfterSeconds });
      }
      return toView(card, await fetchReportOnce(card));
    },
    wallet: async (userId) => {
      const cards = await listWallet(store, userId);
      return Promise.all(cards.map((card) => loadView(card, LIST_REPORT_TTL_MS)));
    },
    addToWallet: async (userId, { number, cardId }, nickname) => {
      const card =
        cardId === undefined
          ? await findSingleCard(userId, number ?? '')
          : await requireCardOfUser(userId, cardId);
      const added = await addToWallet(store, { userId, cardId: card.id, nickname, now: clock() });
      return { view: await loadView(await requireCardOfUser(userId, card.id)), added };
    },
    rename: async (userId, cardId, nickname) => {
      if (!(await renameInWallet(store, userId, cardId, nickname))) {
        throw new ApiError('card.not_found');
      }
      return loadView(await requireCardOfUser(userId, cardId));
    },
    removeFromWallet: async (userId, cardId) => {
      if (!(await removeFromWallet(store, userId, cardId))) {
        throw new ApiError('card.not_found');
      }
    },
    searchForStaff: async (number) => {
      const found = await findCards(number);
      const now = clock();
      const cards = await Promise.all(
        found.map(({ platform, card }) => upsertCard(store, platform, card, now)),
      );
      return Promise.all(cards.map(({ id }) => viewForStaff(id)));
    },
    viewForStaff,
    expire: (cardId) => expireReport(store, cardId),
  };
}

const ambiguousNumberText: LocalizedText = {
  'zh-CN': '有多张卡以这个号码结尾，请输入完整的 19-20 位号码。',
  en: 'Several cards end in this number; enter all 19-20 characters.',
};

/** A report by the platform's own number need not tell what a search by the ICCID did. */
function carrierOf(card: CardRow, { carrier }: CardReport): Carrier {
  if (carrier !== 'unknown') return carrier;
  return carriers.find((known) => known === card.carrier) ?? 'unknown';
}

function readSavedReport({ report, fetched_at: fetchedAt }: CardRow) {
  if (report === null || fetchedAt === null) return undefined;
  // Only `saveReport` writes this column.
  return { report: JSON.parse(report) as CardReport, fetchedAt };
}

function requireCardNumber(input: string): CardNumber {
  const number = parseCardNumber(input);
  if (!number) throw new ApiError('card.number_invalid');
  return number;
}
