/** The keys of cached queries. */
export const keys = {
  wallet: ['wallet'],
  card: (cardId: string) => ['card', cardId],
  packages: (cardId: string) => ['packages', cardId],
  orders: ['orders'],
  order: (orderId: string) => ['order', orderId],
  orderByNumber: (number: string) => ['orderByNumber', number],
} as const;
