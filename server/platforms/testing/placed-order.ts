import type { PlacedOrder } from '../ports';

/** An order to ask a platform about that knows it by our number. */
export function placedOrder(orderNumber: string): PlacedOrder {
  return {
    orderNumber,
    cardRef: '8986031234567890123A',
    packageId: 'p1',
    effective: 'now',
    reference: null,
    snapshotBefore: null,
  };
}
