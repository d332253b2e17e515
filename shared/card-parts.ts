/** The parts of a card that can be missing while the rest is known. */
export const cardParts = ['status', 'usage', 'packages', 'realName', 'expiry'] as const;
export type CardPart = (typeof cardParts)[number];
