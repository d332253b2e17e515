import { orderStates } from '@shared/order-state';
import { USUAL_MS, askAgainIn, phaseOf } from './progress';

test('the payment sheet’s word makes nothing paid', () => {
  expect(phaseOf('awaitingPayment', 'done')).toBe('confirming');
  expect(phaseOf('awaitingPayment', 'cancelled')).toBe('unpaid');
});

test('once the BFF knows more, the sheet’s word does not count', () => {
  expect(phaseOf('delivering', 'cancelled')).toBe('moving');
  expect(phaseOf('delivered', 'failed')).toBe('delivered');
  expect(phaseOf('refunded', 'done')).toBe('ended');
});

test('what is final is not asked about again, all else is', () => {
  const asked = orderStates.filter((state) => askAgainIn({ state }, 'unknown', 0) !== false);
  expect(orderStates.filter((state) => !asked.includes(state))).toEqual([
    'delivered',
    'closed',
    'refunded',
  ]);
});

test('what moves is asked about often, and less so once it takes long', () => {
  const soon = askAgainIn({ state: 'delivering' }, 'done', 0);
  const later = askAgainIn({ state: 'delivering' }, 'done', USUAL_MS);
  expect(soon).toBeLessThan(Number(later));
});
