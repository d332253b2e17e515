/** The names under which answers are cached. */
export const keys = {
  wallet: ['wallet'],
  card: (cardId: string) => ['card', cardId],
  /** The number somebody typed or scanned to find a card; not kept after closing. */
  typedNumber: (cardId: string) => ['typed-number', cardId],
  packages: (cardId: string) => ['packages', cardId],
  orders: ['orders'],
  order: (orderId: string) => ['order', orderId],
} as const;
