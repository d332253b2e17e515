import { createShingsouClient } from '../testing/shingsou-client';
import { startSandbox, type TestCard, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let cards: TestCard[];

beforeAll(async () => {
  sandbox = await startSandbox();
  cards = await sandbox.cards();
});
afterAll(() => sandbox.close());

interface Found {
  total: number;
  items: { iccid: string; accessNo: string; operator: string }[];
}

const find = (keyword: string, pageIndex = '1', pageSize = '20') =>
  sandbox.data<Found>(sandbox.get('/cards/FlowCard', { keyword, pageIndex, pageSize }));
const firstCard = () => {
  const [card] = cards;
  if (!card) throw new Error('no cards');
  return card;
};

test('a card is found by the end of its ICCID and by its whole access number', async () => {
  const { iccid, accessNumber } = firstCard();
  const notes = { remark: null, tags: [], categoryId: null };
  const card = { iccid, accessNo: accessNumber, operator: '电信', ...notes };
  const expected = { total: 1, items: [card] };
  expect(await find(iccid.slice(-10))).toEqual(expected);
  expect(await find(iccid)).toEqual(expected);
  expect(await find(accessNumber)).toEqual(expected);
});

test('a part of an access number and a short ICCID suffix find nothing', async () => {
  const { iccid, accessNumber } = firstCard();
  expect(await find(accessNumber.slice(0, -1))).toEqual({ total: 0, items: [] });
  expect(await find(iccid.slice(-9))).toEqual({ total: 0, items: [] });
});

test('two cards share the last ten characters, and are listed in pages', async () => {
  const suffixes = cards.map(({ iccid }) => iccid.slice(-10));
  const shared = suffixes.find((suffix, position) => suffixes.indexOf(suffix) !== position) ?? '';
  expect((await find(shared)).items).toHaveLength(2);
  const [first, second] = [await find(shared, '1', '1'), await find(shared, '2', '1')];
  expect(first.total).toBe(2);
  expect([first.items[0]?.iccid, second.items[0]?.iccid]).toEqual(
    (await find(shared)).items.map(({ iccid }) => iccid),
  );
});

test('letters of an ICCID may be given in lower case', async () => {
  const withLetter = cards.find(({ iccid }) => /[A-F]/.test(iccid))?.iccid ?? '';
  const cardNo = withLetter.toLowerCase();
  const card = sandbox.data(sandbox.get('/cards/FlowCard/Detail', { cardNo }));
  await expect(card).resolves.toMatchObject({ iccid: withLetter });
});

test.each(['/cards/FlowCard/Detail', '/cards/FlowCard/Data', '/cards/FlowCard/Status'])(
  '%s answers by ICCID and by access number, and by no other number',
  async (path) => {
    const { iccid, accessNumber } = firstCard();
    const byIccid = await sandbox.data(sandbox.get(path, { cardNo: iccid }));
    expect(await sandbox.data(sandbox.get(path, { cardNo: accessNumber }))).toEqual(byIccid);
    const unknown = sandbox.get(path, { cardNo: '89860000000000000000' });
    expect(await sandbox.errorOf(unknown)).toEqual([404, 'NotFound']);
  },
);

test('the first card is the one for demonstrations: telecom, active, verified, about 38 % left', async () => {
  const query = { cardNo: firstCard().iccid };
  const usage = await sandbox.data<{ totalMb: number; usedMb: number; leftMb: number }>(
    sandbox.get('/cards/FlowCard/Data', query),
  );
  expect(usage.leftMb / usage.totalMb).toBeCloseTo(0.38, 2);
  expect(usage.usedMb + usage.leftMb).toBeCloseTo(usage.totalMb, 2);
  expect(await sandbox.data(sandbox.get('/cards/FlowCard/Status', query))).toEqual({
    status: '1',
    networkState: null,
  });
  expect(await sandbox.data(sandbox.get('/cards/FlowCard/Detail', query))).toMatchObject({
    operator: '电信',
    realName: 1,
    packages: [{ state: 1, volumeMb: usage.totalMb }],
  });
});

test('every package on sale belongs to a category the card sees', async () => {
  for (const { iccid } of cards.slice(0, 12)) {
    const categories = await sandbox.data<{ id: string; name: string }[]>(
      sandbox.get('/payment/Product/Categories', { cardNo: iccid }),
    );
    const products = await sandbox.products(iccid);
    expect(new Set(products.map(({ categoryId }) => categoryId))).toEqual(
      new Set(categories.map(({ id }) => id)),
    );
  }
});

test('a card’s usage includes what was delivered to it', async () => {
  const shingsou = await createShingsouClient(sandbox);
  const query = { cardNo: shingsou.firstCard.iccid };
  const read = () => sandbox.data<{ totalMb: number }>(sandbox.get('/cards/FlowCard/Data', query));
  const before = await read();
  await shingsou.createPaidOrder({ productId: '110102' });
  await sandbox.advanceClock(5);
  expect((await read()).totalMb).toBe(before.totalMb + 10 * 1024);
});
