import type { Package } from '@shared/contract';
import { chosenEffective, chosenPackage, initialChoice } from './choice';
import type { Catalogue } from './choice';

const now = {
  when: 'now',
  from: '2026-11-22T00:00:00Z',
  until: '2026-11-30T00:00:00Z',
  warning: null,
} as const;
const nextMonth = { ...now, when: 'nextMonth' } as const;

function pack(id: string, more: Partial<Package> = {}): Package {
  return {
    id,
    name: id,
    kind: 'basic',
    kindLabel: '',
    explanation: '',
    dataMb: 1024,
    priceFen: 990,
    effective: [now, nextMonth],
    canBuy: true,
    blockedReason: null,
    ...more,
  };
}

const catalogue: Catalogue = {
  categories: [
    { id: 'monthly', name: '月清零', packages: [pack('m-1'), pack('m-2')] },
    { id: 'addOn', name: '加油包', packages: [pack('a-1'), pack('a-2', { canBuy: false })] },
  ],
};

test('initially the first category is shown and nothing is selected', () => {
  const choice = initialChoice(catalogue, undefined);
  expect(choice).toMatchObject({ categoryId: 'monthly', packageId: undefined });
  expect(chosenPackage(catalogue, choice)).toBeUndefined();
});

test('buying again selects the package bought before', () => {
  const choice = initialChoice(catalogue, 'a-1');
  expect(choice.categoryId).toBe('addOn');
  expect(chosenPackage(catalogue, choice)?.id).toBe('a-1');
});

test.each(['a-2', 'gone'])('buying %s again, which cannot be bought now, selects nothing', (id) => {
  expect(initialChoice(catalogue, id)).toMatchObject({
    categoryId: 'monthly',
    packageId: undefined,
  });
});

test('a package starts at the chosen time, or at the first possible one', () => {
  const choice = { categoryId: 'monthly', packageId: 'm-1', when: 'nextMonth' } as const;
  expect(chosenEffective(pack('m-1'), choice)).toBe(nextMonth);
  expect(chosenEffective(pack('m-1', { effective: [now] }), choice)).toBe(now);
});
