import { randomUUID } from 'node:crypto';
import { maskNumber } from '@shared/card-number';
import { carrierStatusTables, readCardStatus } from '@shared/carrier-status';
import { eventually, startStack, type Customer, type Stack } from '../testing/harness';
import { cardInState, findCard } from '../testing/shopping';
import { shingsouPaths } from '../testing/platform-proxy';

let stack: Stack;
let customer: Customer;
beforeAll(async () => {
  stack = await startStack();
  customer = await stack.signIn();
});
afterAll(() => stack.close());

function fullWidth(text: string): string {
  return text.replace(/[!-~]/g, (character) =>
    String.fromCharCode(character.charCodeAt(0) + 0xfee0),
  );
}

describe('looking a card up', () => {
  test.each<[string, (iccid: string) => string]>([
    ['as it is printed', (iccid) => iccid],
    ['in lower case', (iccid) => iccid.toLowerCase()],
    ['in groups', (iccid) => iccid.replace(/(.{4})/g, '$1 ')],
    ['with hyphens', (iccid) => iccid.replace(/(.{5})/g, '$1-')],
    ['in full-width characters', fullWidth],
    ['by its last ten characters', (iccid) => iccid.slice(-10)],
    ['in the link of a QR code', (iccid) => `https://shop.example/c?number=${iccid}&s=1`],
  ])('finds it by the ICCID %s', async (_, write) => {
    const { iccid } = await cardInState(stack, 'mobile', '0', 3);
    const card = await findCard(customer, write(iccid));
    expect(card.iccid).toBe(maskNumber(iccid));
  });

  test.each([
    ['with any check digit', (iccid: string) => `${iccid}7`],
    ['with the pad of a platform', (iccid: string) => `${iccid}F`],
    ['as it is', (iccid: string) => iccid],
  ])('finds a card whose ICCID has 19 characters by 20 %s, with one id', async (_, write) => {
    const cards = await stack.sandbox.cards();
    const { iccid } = cards.find((card) => card.iccid.length === 19)!;
    const owner = await stack.signIn(randomUUID());
    const { id } = await findCard(owner, iccid);
    expect((await findCard(owner, write(iccid))).id).toBe(id);
    const added = await owner.ok('POST /me/cards', { body: { number: write(iccid) } });
    expect(added.id).toBe(id);
  });

  test.each([
    ['12345', 'card.number_invalid'],
    ['89860118801234567890 89860118801234567908', 'card.number_several'],
    ['IMEI: 861234567890123', 'card.number_other'],
  ])('refuses %s and says why', async (number, code) => {
    const problem = await customer.problem('GET /cards', { query: { number } });
    expect(problem).toMatchObject({ status: 400, code });
  });

  test('refuses 5,000 characters and says what is expected', async () => {
    const number = '8'.repeat(5_000);
    const problem = await customer.problem('GET /cards', { query: { number } });
    expect(problem.status).toBe(400);
    expect(problem.errors?.[0]?.message).toContain('must be a card number');
  });

  test('finds it by the ICCID with a letter', async () => {
    const cards = await stack.sandbox.cards();
    const { iccid } = cards.find((card) => /[A-F]/.test(card.iccid))!;
    expect((await findCard(customer, iccid)).iccid).toBe(maskNumber(iccid));
  });

  test.each([11, 13])('finds it by an access number of %d digits', async (length) => {
    const cards = await stack.sandbox.cards();
    const { accessNumber } = cards.find((card) => card.accessNumber.length === length)!;
    expect((await findCard(customer, accessNumber)).accessNumber).toBe(maskNumber(accessNumber));
  });

  test('shows all cards that end in the same ten characters', async () => {
    const cards = await stack.sandbox.cards();
    const endings = cards.map(({ iccid }) => iccid.slice(-10));
    const shared = endings.find((ending, index) => endings.indexOf(ending) !== index)!;
    const { items } = await customer.ok('GET /cards', { query: { number: shared } });
    expect(items).toHaveLength(2);
    expect(new Set(items.map(({ carrier }) => carrier)).size).toBe(2);
  });

  test('gives a card the same id for all users', async () => {
    const { iccid } = await cardInState(stack, 'unicom', '1');
    const other = await stack.signIn('another');
    expect((await findCard(other, iccid)).id).toBe((await findCard(customer, iccid)).id);
  });

  test('hides the numbers of a card that is not in the wallet', async () => {
    const { iccid, accessNumber } = await cardInState(stack, 'telecom', '1', 2);
    const answer = await customer.send('GET /cards', { query: { number: iccid } });
    expect(answer.text).not.toContain(iccid);
    expect(answer.text).not.toContain(accessNumber);
  });

  test('translates every state of the carriers’ tables', async () => {
    const otherUser = await stack.signIn('curious');
    const cards = await stack.sandbox.cards();
    for (const [carrier, rows] of Object.entries(carrierStatusTables)) {
      for (const { carrierCode } of rows) {
        const { iccid } = cards.find(
          (card) => card.carrier === carrier && card.carrierCode === carrierCode,
        )!;
        const { status, canBuy, blockedReason } = await findCard(otherUser, iccid);
        const expected = readCardStatus(carrier as keyof typeof carrierStatusTables, carrierCode);
        expect(status).toEqual({
          code: expected.code,
          label: expected.label['zh-CN'],
          advice: expected.advice['zh-CN'],
          carrierCode,
          carrierTexts: expected.carrierTexts,
        });
        expect(blockedReason === null).toBe(canBuy);
      }
    }
  });

  test('reports a carrier code that is in no table as unknown, with the code', async () => {
    const { iccid } = await cardInState(stack, 'telecom', '210000');
    const { status, canBuy } = await findCard(customer, iccid);
    expect(status).toMatchObject({ code: 'unknown', carrierCode: '210000', carrierTexts: [] });
    expect(canBuy).toBe(false);
  });

  test('computes the remaining volume from the used volume', async () => {
    const { iccid } = await cardInState(stack, 'telecom', '1');
    const { usage } = await findCard(customer, iccid);
    expect(usage!.totalMb).toBeGreaterThan(0);
    expect(usage!.usedMb + usage!.remainingMb).toBeCloseTo(usage!.totalMb, 5);
    expect(Date.parse(usage!.asOf)).toBeLessThanOrEqual(stack.now());
  });

  test('answers in the requested language', async () => {
    const { iccid } = await cardInState(stack, 'mobile', '6');
    const read = async (language: string) => {
      const answer = await customer.send('GET /cards', {
        query: { number: iccid },
        headers: { 'accept-language': language },
      });
      const { items } = answer.body as { items: { status: { label: string } }[] };
      return items[0]!.status.label;
    };
    expect(await read('en-GB,en;q=0.9')).toBe('Dormant');
    expect(await read('zh-CN')).toBe(readCardStatus('mobile', '6').label['zh-CN']);
    expect(await read('fr')).toBe(readCardStatus('mobile', '6').label['zh-CN']);
  });

  test.each([
    ['words', '流量卡'],
    ['one digit', '1'],
    ['spaces alone', '   '],
    ['an ICCID that is too long', '8986031234567890123456'],
    ['an ICCID of another country', '89014103211118510720'],
    ['a lone surrogate', '\udfff'],
    ['SQL', "' or 1=1 --"],
    ['HTML', '<script>alert(1)</script>'],
    ['a path', '../../etc/passwd'],
    ['Arabic digits', '١٢٣٤٥٦٧٨٩٠١'],
  ])('refuses %s as an invalid card number', async (_, number) => {
    const problem = await customer.problem('GET /cards', { query: { number } });
    expect(problem).toMatchObject({ status: 400, code: 'card.number_invalid' });
  });

  test.each([
    ['ICCID', '89860399999999999999'],
    ['ending', '9999999999'],
    ['access number', '13999999999'],
    ['custom number', '123456'],
  ])('answers not found for an unknown %s', async (_, number) => {
    const problem = await customer.problem('GET /cards', { query: { number } });
    expect(problem).toMatchObject({ status: 404, code: 'card.not_found' });
  });
});

describe('enumerating numbers', () => {
  test('is refused after thirty misses, for this user only', async () => {
    const walker = await stack.signIn('walker');
    const codes: string[] = [];
    for (let digits = 0; digits < 31; digits += 1) {
      const number = `139000000${String(digits).padStart(2, '0')}`;
      codes.push((await walker.problem('GET /cards', { query: { number } })).code);
    }
    expect(codes.slice(0, 30).every((code) => code === 'card.not_found')).toBe(true);
    expect(codes[30]).toBe('card.lookup_limited');
    const { iccid } = await cardInState(stack, 'mobile', '0');
    expect((await walker.problem('GET /cards', { query: { number: iccid } })).code).toBe(
      'card.lookup_limited',
    );
    const body = { number: iccid };
    expect((await walker.problem('POST /me/cards', { body })).code).toBe('card.lookup_limited');
    await expect(findCard(customer, iccid)).resolves.toMatchObject({ carrier: 'mobile' });
  });

  test('is refused after 300 different numbers; numbers looked up before can be looked up again', async () => {
    const walker = await stack.signIn('collector');
    const cards = (await stack.sandbox.cards()).filter(({ carrierCode }) => carrierCode !== '99');
    const [first = '', ...numbers] = cards.flatMap(({ iccid, accessNumber }) => [
      iccid,
      accessNumber,
    ]);
    for (const number of [first, ...numbers.slice(0, 299)]) {
      await walker.ok('GET /cards', { query: { number } });
    }
    const next = { query: { number: numbers[299]! } };
    expect((await walker.problem('GET /cards', next)).code).toBe('card.lookup_limited');
    await walker.ok('GET /cards', { query: { number: first } });
  });
});

describe('a card by its id', () => {
  test('can be read only by users who have looked it up', async () => {
    const { iccid } = await cardInState(stack, 'unicom', '1', 4);
    const { id: cardId } = await findCard(customer, iccid);
    const stranger = await stack.signIn('stranger');
    const params = { cardId };
    expect((await customer.ok('GET /cards/:cardId', { params })).id).toBe(cardId);
    for (const key of [
      'GET /cards/:cardId',
      'POST /cards/:cardId/refresh',
      'GET /cards/:cardId/subscriptions',
      'GET /cards/:cardId/packages',
    ] as const) {
      expect((await stranger.problem(key, { params })).code).toBe('card.not_found');
      const nobody = { params: { cardId: randomUUID() } };
      expect((await customer.problem(key, nobody)).code).toBe('card.not_found');
    }
  });

  test('lists the packages on it', async () => {
    const { iccid } = await cardInState(stack, 'telecom', '1');
    const { id: cardId, currentPackage } = await findCard(customer, iccid);
    const { items } = await customer.ok('GET /cards/:cardId/subscriptions', {
      params: { cardId },
    });
    expect(items).toContainEqual(currentPackage);
    for (const { from, until } of items) expect(Date.parse(from!)).toBeLessThan(Date.parse(until!));
  });

  test('is queried from the platform once a minute for all users', async () => {
    const { iccid } = await cardInState(stack, 'telecom', '1', 5);
    const { id: cardId } = await findCard(customer, iccid);
    stack.platformProxy.clearCalls();
    const look = () => customer.ok('GET /cards/:cardId', { params: { cardId } });
    await Promise.all(Array.from({ length: 10 }, look));
    expect(stack.platformProxy.calls).toHaveLength(0);
    await stack.advanceClock(61_000);
    await Promise.all(Array.from({ length: 10 }, look));
    expect(stack.platformProxy.count(shingsouPaths.detail)).toBe(1);
  });

  test('is refreshed on request, but not twice within the cooldown', async () => {
    const { iccid } = await cardInState(stack, 'telecom', '1', 6);
    const { id: cardId } = await findCard(customer, iccid);
    const params = { cardId };
    await stack.advanceClock(16_000);
    const before = stack.now();
    const fresh = await customer.ok('POST /cards/:cardId/refresh', { params });
    expect(Date.parse(fresh.fetchedAt)).toBeGreaterThanOrEqual(before - 1);
    const answer = await customer.send('POST /cards/:cardId/refresh', { params });
    expect(answer.body).toMatchObject({ status: 429, code: 'card.refresh_too_soon' });
    const wait = Number(answer.headers.get('retry-after'));
    await stack.advanceClock(wait * 1000);
    await customer.ok('POST /cards/:cardId/refresh', { params });
  });
});

describe('when the platform does not answer', () => {
  afterAll(() => stack.sandbox.faults());

  test('a known card is shown with the time of its report, and an unknown one is refused', async () => {
    const known = await cardInState(stack, 'telecom', '1', 7);
    const { id: cardId } = await findCard(customer, known.iccid);
    await customer.ok('POST /me/cards', { body: { cardId } });
    await stack.sandbox.faults({ gatewayDown: true });
    await stack.advanceClock(11 * 60_000);
    const asOf = stack.now();
    const params = { cardId };
    const shown = await customer.ok('GET /cards/:cardId', { params });
    expect(Date.parse(shown.fetchedAt)).toBeLessThan(asOf - 10 * 60_000);
    const { items } = await customer.ok('GET /me/cards', {});
    expect(items.map(({ id }) => id)).toContain(cardId);

    const unseen = await cardInState(stack, 'telecom', '1', 8);
    const answer = await customer.send('GET /cards', { query: { number: unseen.iccid } });
    expect(answer.body).toMatchObject({ status: 503, code: 'platform.unavailable' });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    for (const key of ['POST /cards/:cardId/refresh', 'GET /cards/:cardId/packages'] as const) {
      expect((await customer.problem(key, { params })).code).toBe('platform.unavailable');
    }
    const keep = { body: { number: unseen.iccid } };
    expect((await customer.problem('POST /me/cards', keep)).code).toBe('platform.unavailable');
    const code = await stack.sandbox.loginCode('late');
    expect((await stack.anyone.problem('POST /sessions', { body: { code } })).code).toBe(
      'login.unavailable',
    );
  });

  test('an invalid answer counts as no answer, and the next valid one is used', async () => {
    await stack.sandbox.faults({ garbage: true });
    const { iccid } = await cardInState(stack, 'mobile', '0', 9);
    const query = { number: iccid };
    expect((await customer.problem('GET /cards', { query })).code).toBe('platform.unavailable');
    await stack.sandbox.faults();
    await eventually(
      'the card is found again',
      async () => (await customer.send('GET /cards', { query })).status === 200,
      12_000,
    );
  });
});
