import { orderStates } from '@shared/order-state';
import { describeOrderRules, orderStateDiagram } from './describe-order-rules';

test('every state has a row, in the order of the states', () => {
  expect(describeOrderRules().map(({ state }) => state)).toEqual(orderStates);
});

test('a row says how often an order is checked, what may follow, and when a person is called', () => {
  const row = describeOrderRules().find(({ state }) => state === 'deliveryUnknown');
  expect(row).toMatchObject({
    interval: 'every 1 min until 1 h, then every 10 min',
    next: ['delivered', 'deliveryFailed'],
    alert: 'at once; 25 min in this state',
  });
});

test('the diagram shows every transition', () => {
  const diagram = orderStateDiagram();
  expect(diagram).toContain('  [*] --> created\n');
  expect(diagram).toContain('  delivering --> deliveryUnknown\n');
  expect(diagram).toContain('  refunded --> [*]');
});
