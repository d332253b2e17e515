import type { OrderState } from '@shared/order-state';
import { orderStates, orderStateTexts } from '@shared/order-state';
import {
  canTransition,
  findOrderRuleErrors,
  isFinal,
  isStuck,
  nextCheckDelay,
  orderRules,
} from './order-state';

test('the rules have no errors', () => {
  expect(findOrderRuleErrors()).toEqual([]);
});

describe('finds an error in the rules:', () => {
  test('a state that cannot be reached', () => {
    const rules = {
      ...orderRules,
      delivering: { ...orderRules.delivering, to: ['delivered', 'deliveryFailed'] as const },
    };
    expect(findOrderRuleErrors(rules)).toEqual(['deliveryUnknown cannot be reached']);
  });

  test('a state whose only next state is itself', () => {
    const rules = { ...orderRules, created: { ...orderRules.created, to: ['created'] as const } };
    expect(findOrderRuleErrors(rules)).toContain('delivered cannot be reached');
  });

  test('a state that is not final and has no next state', () => {
    const rules = { ...orderRules, refundFailed: { ...orderRules.refundFailed, to: [] } };
    expect(findOrderRuleErrors(rules)).toEqual(['refundFailed has no next state']);
  });

  test('a check schedule that ends', () => {
    const checkSchedule = [{ untilAgeMs: 60_000, everyMs: 1_000 }];
    const rules = { ...orderRules, paid: { ...orderRules.paid, checkSchedule } };
    expect(findOrderRuleErrors(rules)).toEqual(['paid has a check schedule that ends']);
  });

  test('an empty check schedule', () => {
    const rules = { ...orderRules, paid: { ...orderRules.paid, checkSchedule: [] } };
    expect(findOrderRuleErrors(rules)).toEqual(['paid has a check schedule that ends']);
  });

  test('several errors at once', () => {
    const rules = {
      ...orderRules,
      paid: { ...orderRules.paid, to: [], checkSchedule: [] },
      refundFailed: { ...orderRules.refundFailed, to: [] },
    };
    const errors = findOrderRuleErrors(rules);
    expect(errors).toContain('paid has no next state');
    expect(errors).toContain('paid has a check schedule that ends');
    expect(errors).toContain('delivering cannot be reached');
    expect(errors).toContain('refundFailed has no next state');
  });
});

describe('no transition', () => {
  test('leaves a state in which the money is settled', () => {
    for (const state of orderStates) {
      expect(canTransition('delivered', state)).toBe(false);
      expect(canTransition('refunded', state)).toBe(false);
    }
  });

  test('closes an order that was paid', () => {
    const paidStates = orderStates.filter(
      (state) => !['created', 'awaitingPayment'].includes(state),
    );
    for (const state of paidStates) expect(canTransition(state, 'closed')).toBe(false);
  });

  test('refunds what may have been delivered', () => {
    expect(canTransition('delivering', 'refunding')).toBe(false);
    expect(canTransition('deliveryUnknown', 'refunding')).toBe(false);
    expect(canTransition('delivered', 'refunding')).toBe(false);
  });
});

describe('the check schedule', () => {
  test('checks an unpaid order within its first seconds', () => {
    expect(nextCheckDelay('awaitingPayment', 0)).toBeLessThanOrEqual(15_000);
    expect(nextCheckDelay('created', 0)).toBeLessThanOrEqual(15_000);
  });

  test.each(orderStates.filter((state) => !isFinal(state)))(
    'of %s never ends, and checks at least every ten minutes',
    (state) => {
      for (const age of [0, 999, 1_000, 60_000, 3_600_000, 86_400_000 * 365]) {
        const delay = nextCheckDelay(state, age);
        expect(delay).toBeGreaterThanOrEqual(1_000);
        expect(delay).toBeLessThanOrEqual(10 * 60_000);
      }
    },
  );

  test.each(orderStates.filter(isFinal))('of %s ends', (state) => {
    expect(nextCheckDelay(state, 15 * 60_000)).toBeUndefined();
  });

  test('still checks a closed order for a while: a payment may have been in progress', () => {
    expect(nextCheckDelay('closed', 0)).toBe(30_000);
    expect(nextCheckDelay('closed', 60_000)).toBe(5 * 60_000);
  });
});

describe('an alert is raised', () => {
  const at = (state: OrderState) => ({ state, state_since: 0, pay_before: 30 * 60_000 });

  test.each(orderStates.filter((state) => !isFinal(state) && !state.startsWith('refund')))(
    'for an order that is %s for too long',
    (state) => {
      expect(isStuck(at(state), 60_000)).toBe(false);
      expect(isStuck(at(state), 35 * 60_000)).toBe(true);
    },
  );

  test('for no final state', () => {
    for (const state of orderStates.filter(isFinal)) {
      expect(isStuck(at(state), Number.MAX_SAFE_INTEGER)).toBe(false);
    }
  });
});

test('every state has texts for customers that mention the money', () => {
  for (const state of orderStates) {
    const { label, advice } = orderStateTexts[state];
    expect(label['zh-CN']).not.toBe('');
    expect(label.en).not.toBe('');
    expect(advice['zh-CN']).toMatch(/扣款|付款|退款|款项|到账/);
    expect(advice.en).not.toBe('');
  }
});
