import type { PlacedOrder } from '../ports';
import { orderedStart } from './ordered-start';

/** An order that the platform can be queried for by our order number. */
export function placedOrder(orderNumber: string): PlacedOrder {
  return {
    orderNumber,
    cardRef: '8986031234567890123A',
    packageId: 'p1',
    ...orderedStart('now'),
    reference: null,
    snapshotBefore: null,
  };
}
