import { carrierStatusTables, readCardStatus } from '@shared/carrier-status';
import { endOfBeijingMonth, startOfBeijingMonth } from '@shared/beijing-time';
import { startStack, type Customer, type Stack } from '../testing/harness';
import { cardInState, findCard, packagesFor } from '../testing/shopping';

let stack: Stack;
let customer: Customer;
beforeAll(async () => {
  stack = await startStack();
  customer = await stack.signIn();
});
afterAll(() => stack.close());

test('packages are listed by category, with price, volume and validity', async () => {
  const { iccid } = await cardInState(stack, 'telecom', '1');
  const { id: cardId } = await findCard(customer, iccid);
  const { categories } = await customer.ok('GET /cards/:cardId/packages', { params: { cardId } });
  expect(categories.map(({ name }) => name)).toContain('电信 - 月清零');
  const packages = categories.flatMap((category) => category.packages);
  expect(new Set(packages.map(({ id }) => id)).size).toBe(packages.length);
  for (const offer of packages) {
    expect(offer.priceFen).toBeGreaterThan(0);
    expect(offer.dataMb).toBeGreaterThan(0);
    expect(offer.explanation).not.toBe('');
    expect(offer.effective.length).toBeGreaterThan(0);
  }
});

test('a month’s package ends with the Beijing month in which it starts', async () => {
  const { iccid } = await cardInState(stack, 'telecom', '1');
  const { id: cardId } = await findCard(customer, iccid);
  const offer = (await packagesFor(customer, cardId)).find(({ kind }) => kind === 'basic')!;
  const now = stack.now();
  const [atOnce, nextMonth] = offer.effective;
  expect(atOnce!.when).toBe('now');
  expect(Math.abs(Date.parse(atOnce!.from) - now)).toBeLessThan(60_000);
  expect(Date.parse(atOnce!.until)).toBe(endOfBeijingMonth(now));
  expect(nextMonth).toEqual({
    when: 'nextMonth',
    from: new Date(startOfBeijingMonth(now, 1)).toISOString(),
    until: new Date(endOfBeijingMonth(now, 1)).toISOString(),
    warning: null,
  });
});

test('an add-on requires a current main package', async () => {
  const cards = await stack.sandbox.cards();
  const looked = [];
  for (const { iccid } of cards.filter(({ carrier, carrierCode }) => {
    return carrier === 'telecom' && carrierCode === '1';
  })) {
    looked.push(await findCard(customer, iccid));
  }
  const blocksOf = async (cardId: string) =>
    (await packagesFor(customer, cardId))
      .filter(({ kind }) => kind === 'addOn')
      .map(({ canBuy, blockedReason }) => ({ canBuy, blockedReason }));
  for (const card of looked.filter(({ currentPackage }) => currentPackage === null)) {
    for (const block of await blocksOf(card.id)) {
      expect(block).toEqual({ canBuy: false, blockedReason: '需先有生效中的主套餐' });
    }
  }
  const running = looked.find(({ currentPackage }) => currentPackage !== null)!;
  for (const block of await blocksOf(running.id)) {
    expect(block).toEqual({ canBuy: true, blockedReason: null });
  }
  expect(looked.some(({ currentPackage }) => currentPackage === null)).toBe(true);
});

test('no package is sold for a card in a state that does not allow it', async () => {
  const cards = await stack.sandbox.cards();
  const rows = carrierStatusTables.telecom.filter(
    ({ carrierCode }) => !readCardStatus('telecom', carrierCode).canBuy,
  );
  expect(rows.length).toBeGreaterThan(3);
  for (const { carrierCode } of rows) {
    const { iccid } = cards.find(
      (card) => card.carrier === 'telecom' && card.carrierCode === carrierCode,
    )!;
    const card = await findCard(customer, iccid);
    const packages = await packagesFor(customer, card.id);
    expect(packages.map(({ canBuy }) => canBuy)).not.toContain(true);
  }
});

test('the catalogue is queried once a minute', async () => {
  const { iccid } = await cardInState(stack, 'telecom', '1', 4);
  const { id: cardId } = await findCard(customer, iccid);
  await packagesFor(customer, cardId);
  stack.platformProxy.clearCalls();
  await Promise.all(Array.from({ length: 5 }, () => packagesFor(customer, cardId)));
  expect(stack.platformProxy.calls).toHaveLength(0);
});

test('the kinds of packages are named in the requested language', async () => {
  const { iccid } = await cardInState(stack, 'telecom', '1');
  const { id: cardId } = await findCard(customer, iccid);
  const { text } = await customer.send('GET /cards/:cardId/packages', {
    params: { cardId },
    headers: { 'accept-language': 'en' },
  });
  expect(text).toContain('"kindLabel":"Monthly"');
});
