import type { OrderState } from '@shared/order-state';
import { orderStates, orderStateTexts } from '@shared/order-state';
import {
  isFinal,
  isStuck,
  canTransition,
  nextCheckDelay,
  findOrderRuleErrors,
  orderRules,
} from './order-state';

test('the table has no fault', () => {
  expect(findOrderRuleErrors()).toEqual([]);
});

describe('a fault planted in the table is found', () => {
  test('a state nobody can reach', () => {
    const rules = {
      ...orderRules,
      delivering: { ...orderRules.delivering, to: ['delivered', 'deliveryFailed'] as const },
    };
    expect(findOrderRuleErrors(rules)).toEqual(['deliveryUnknown cannot be reached']);
  });

  test('a way that leads to nothing but itself', () => {
    const rules = { ...orderRules, created: { ...orderRules.created, to: ['created'] as const } };
    expect(findOrderRuleErrors(rules)).toContain('delivered cannot be reached');
  });

  test('a state that is not final and has no way out', () => {
    const rules = { ...orderRules, refundFailed: { ...orderRules.refundFailed, to: [] } };
    expect(findOrderRuleErrors(rules)).toEqual(['refundFailed has no way out']);
  });

  test('a clock that runs dry', () => {
    const checkSchedule = [{ untilAge: 60, every: 1 }];
    const rules = { ...orderRules, paid: { ...orderRules.paid, clock: checkSchedule } };
    expect(findOrderRuleErrors(rules)).toEqual(['paid has a clock that runs dry']);
  });

  test('a clock with nothing on it', () => {
    const rules = { ...orderRules, paid: { ...orderRules.paid, checkSchedule: [] } };
    expect(findOrderRuleErrors(rules)).toEqual(['paid has a clock that runs dry']);
  });

  test('several faults at once', () => {
    const rules = {
      ...orderRules,
      paid: { to: [], final: false, checkSchedule: [] },
      refundFailed: { ...orderRules.refundFailed, to: [] },
    };
    const errors = findOrderRuleErrors(rules);
    expect(errors).toContain('paid has no way out');
    expect(errors).toContain('paid has a clock that runs dry');
    expect(errors).toContain('delivering cannot be reached');
    expect(errors).toContain('refundFailed has no way out');
  });
});

describe('no way in the table', () => {
  test('leads out of where the money has come to rest', () => {
    for (const state of orderStates) {
      expect(canTransition('delivered', state)).toBe(false);
      expect(canTransition('refunded', state)).toBe(false);
    }
  });

  test('leads from money to closing', () => {
    const withMoney = orderStates.filter(
      (state) => !['created', 'awaitingPayment'].includes(state),
    );
    for (const state of withMoney) expect(canTransition(state, 'closed')).toBe(false);
  });

  test('gives back what may have been delivered', () => {
    expect(canTransition('delivering', 'refunding')).toBe(false);
    expect(canTransition('deliveryUnknown', 'refunding')).toBe(false);
    expect(canTransition('delivered', 'refunding')).toBe(false);
  });
});

describe('the clock', () => {
  test('looks at an unpaid order from the first minute', () => {
    expect(nextCheckDelay('awaitingPayment', 0)).toBeLessThanOrEqual(15_000);
    expect(nextCheckDelay('created', 0)).toBeLessThanOrEqual(15_000);
  });

  test.each(orderStates.filter((state) => !isFinal(state)))(
    'never runs dry for %s, and never slows to a day',
    (state) => {
      for (const age of [0, 999, 1_000, 60_000, 3_600_000, 86_400_000 * 365]) {
        const delay = nextCheckDelay(state, age);
        expect(delay).toBeGreaterThanOrEqual(1_000);
        expect(delay).toBeLessThanOrEqual(10 * 60_000);
      }
    },
  );

  test.each(orderStates.filter(isFinal))('leaves %s alone in the end', (state) => {
    expect(nextCheckDelay(state, 15 * 60_000)).toBeUndefined();
  });

  test('looks after a closed order for a while: money may have been on its way', () => {
    expect(nextCheckDelay('closed', 0)).toBe(30_000);
    expect(nextCheckDelay('closed', 60_000)).toBe(5 * 60_000);
  });
});

describe('a person is called', () => {
  const at = (state: OrderState) => ({ state, state_since: 0, pay_before: 30 * 60_000 });

  test.each(orderStates.filter((state) => !isFinal(state) && !state.startsWith('refund')))(
    'for an order that stays %s for too long',
    (state) => {
      expect(isStuck(at(state), 60_000)).toBe(false);
      expect(isStuck(at(state), 35 * 60_000)).toBe(true);
    },
  );

  test('for nothing that is at rest', () => {
    for (const state of orderStates.filter(isFinal)) {
      expect(isStuck(at(state), Number.MAX_SAFE_INTEGER)).toBe(false);
    }
  });
});

test('every state has words for people, with the money in them', () => {
  for (const state of orderStates) {
    const { label, advice } = orderStateTexts[state];
    expect(label['zh-CN']).not.toBe('');
    expect(label.en).not.toBe('');
    expect(advice['zh-CN']).toMatch(/扣款|付款|退款|款项|到账/);
    expect(advice.en).not.toBe('');
  }
});
