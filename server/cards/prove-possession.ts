import { normalizeIccid, otherIccidForm, parseCardNumber } from '@shared/card-number';
import { isYounger } from '../lib/age';
import { ApiError } from '../lib/api-error';
import { constantTimeEqual } from '../lib/constant-time';
import type { CardRow } from '../store/schema';
import type { CardContext } from './card-context';
import { consumeProofAttempt, releaseProofAttempt } from './card-limits';
import { findPossessionProof, findWalletCard, savePossessionProof } from './card-queries';

/** How long a proof is valid. */
const PROOF_TTL_MS = 10 * 60_000;

/**
 * Whether a text is a complete number of the card: its ICCID, with or without the check digit, or its
 * platform's own number.
 */
function matchesCardNumber({ iccid, ref }: CardRow, input: string): boolean {
  const text = parseCardNumber(input)?.value ?? '';
  const numbers = [iccid ?? ref, ref].map((number) => number.toUpperCase());
  const otherForms = numbers.flatMap((number) =>
    normalizeIccid(number) === undefined ? [] : (otherIccidForm(number) ?? []),
  );
  const matches = [...numbers, ...otherForms].map((number) => constantTimeEqual(text, number));
  return matches.includes(true);
}

/**
 * Records that a user has a card at hand, which actions that cannot be undone require. ASSUMED to be a
 * sufficient proof: the complete number that is printed on the card.
 * @throws ApiError `card.not_found`, `card.possession_wrong`, `card.possession_limited`
 */
export async function provePossession(
  { store, clock, cardState }: CardContext,
  userId: string,
  cardId: string,
  number: string,
): Promise<void> {
  const card = await findWalletCard(store, userId, cardId);
  if (!card) throw new ApiError('card.not_found');
  await consumeProofAttempt(cardState.limiters, userId);
  if (!matchesCardNumber(card, number)) throw new ApiError('card.possession_wrong');
  await releaseProofAttempt(cardState.limiters, userId);
  await savePossessionProof(store, userId, cardId, clock());
}

/** @throws ApiError `card.possession_required` unless the user has proved it in the last ten minutes */
export async function assertPossessionProven(
  { store, clock }: Pick<CardContext, 'store' | 'clock'>,
  userId: string,
  cardId: string,
): Promise<void> {
  const provenAt = await findPossessionProof(store, userId, cardId);
  if (!isYounger(provenAt, PROOF_TTL_MS, clock())) throw new ApiError('card.possession_required');
}
