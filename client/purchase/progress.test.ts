import { orderStates } from '@shared/order-state';
import { USUAL_DURATION_MS, nextPollDelay, phaseOf } from './progress';

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
  const polled = orderStates.filter((state) => nextPollDelay({ state }, 'unknown', 0) !== false);
  expect(orderStates.filter((state) => !polled.includes(state))).toEqual([
    'delivered',
    'closed',
    'refunded',
  ]);
});

test('what moves is asked about often, and less so once it takes long', () => {
  const soon = nextPollDelay({ state: 'delivering' }, 'done', 0);
  const later = nextPollDelay({ state: 'delivering' }, 'done', USUAL_DURATION_MS);
  expect(soon).toBeLessThan(Number(later));
});
