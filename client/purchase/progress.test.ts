import { orderStates } from '@shared/order-state';
import { USUAL_DURATION_MS, nextPollDelay, phaseOf } from './progress';

test('the payment sheet’s report does not make an order paid', () => {
  expect(phaseOf('awaitingPayment', 'done')).toBe('confirming');
  expect(phaseOf('awaitingPayment', 'cancelled')).toBe('unpaid');
});

test('the state of the BFF takes precedence over the sheet’s report', () => {
  expect(phaseOf('delivering', 'cancelled')).toBe('processing');
  expect(phaseOf('delivered', 'failed')).toBe('delivered');
  expect(phaseOf('refunded', 'done')).toBe('ended');
});

test('orders are polled unless their state is final', () => {
  const polled = orderStates.filter((state) => nextPollDelay({ state }, 'unknown', 0) !== false);
  expect(orderStates.filter((state) => !polled.includes(state))).toEqual([
    'delivered',
    'closed',
    'refunded',
  ]);
});

test('an order in progress is polled often, and less often once it is slow', () => {
  const soon = nextPollDelay({ state: 'delivering' }, 'done', 0);
  const later = nextPollDelay({ state: 'delivering' }, 'done', USUAL_DURATION_MS);
  expect(soon).toBeLessThan(Number(later));
});
