import { orderStates, orderStateTexts } from '@shared/order-state';
import { isFinal, mayChange, nextCheckIn, orderRuleFaults, orderRules } from './order-state';

test('the table has no fault', () => {
  expect(orderRuleFaults()).toEqual([]);
});

describe('a fault planted in the table is found', () => {
  test('a state nobody can reach', () => {
    const rules = {
      ...orderRules,
      delivering: { ...orderRules.delivering, to: ['delivered', 'deliveryFailed'] as const },
    };
    expect(orderRuleFaults(rules)).toEqual(['deliveryUnknown cannot be reached']);
  });

  test('a way that leads to nothing but itself', () => {
    const rules = { ...orderRules, created: { ...orderRules.created, to: ['created'] as const } };
    expect(orderRuleFaults(rules)).toContain('delivered cannot be reached');
  });

  test('a state that is not final and has no way out', () => {
    const rules = { ...orderRules, refundFailed: { ...orderRules.refundFailed, to: [] } };
    expect(orderRuleFaults(rules)).toEqual(['refundFailed has no way out']);
  });

  test('a clock that runs dry', () => {
    const clock = [{ untilAge: 60, every: 1 }];
    const rules = { ...orderRules, paid: { ...orderRules.paid, clock } };
    expect(orderRuleFaults(rules)).toEqual(['paid has a clock that runs dry']);
  });

  test('a clock with nothing on it', () => {
    const rules = { ...orderRules, paid: { ...orderRules.paid, clock: [] } };
    expect(orderRuleFaults(rules)).toEqual(['paid has a clock that runs dry']);
  });

  test('several faults at once', () => {
    const rules = {
      ...orderRules,
      paid: { to: [], clock: [] },
      refundFailed: { ...orderRules.refundFailed, to: [] },
    };
    const faults = orderRuleFaults(rules);
    expect(faults).toContain('paid has no way out');
    expect(faults).toContain('paid has a clock that runs dry');
    expect(faults).toContain('delivering cannot be reached');
    expect(faults).toContain('refundFailed has no way out');
  });
});

describe('no way in the table', () => {
  test('leads out of where the money has come to rest', () => {
    for (const state of orderStates) {
      expect(mayChange('delivered', state)).toBe(false);
      expect(mayChange('refunded', state)).toBe(false);
    }
  });

  test('leads from money to closing', () => {
    const withMoney = orderStates.filter(
      (state) => !['created', 'awaitingPayment'].includes(state),
    );
    for (const state of withMoney) expect(mayChange(state, 'closed')).toBe(false);
  });

  test('gives back what may have been delivered', () => {
    expect(mayChange('delivering', 'refunding')).toBe(false);
    expect(mayChange('deliveryUnknown', 'refunding')).toBe(false);
    expect(mayChange('delivered', 'refunding')).toBe(false);
  });
});

describe('the clock', () => {
  test('looks at an unpaid order from the first minute', () => {
    expect(nextCheckIn('awaitingPayment', 0)).toBeLessThanOrEqual(15_000);
    expect(nextCheckIn('created', 0)).toBeLessThanOrEqual(15_000);
  });

  test.each(orderStates.filter((state) => !isFinal(state)))(
    'never runs dry for %s, and never slows to a day',
    (state) => {
      for (const age of [0, 999, 1_000, 60_000, 3_600_000, 86_400_000 * 365]) {
        const delay = nextCheckIn(state, age);
        expect(delay).toBeGreaterThanOrEqual(1_000);
        expect(delay).toBeLessThanOrEqual(10 * 60_000);
      }
    },
  );

  test.each(orderStates.filter(isFinal))('leaves %s alone', (state) => {
    expect(nextCheckIn(state, 0)).toBeUndefined();
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
