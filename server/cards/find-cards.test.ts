import type { CardNumber } from '@shared/card-number';
import type { CardPlatform, PlatformCard } from '../platforms/ports';
import { PlatformUnavailable } from '../platforms/ports';
import { createCardPlatforms } from '../platforms/card-platforms';
import { createCardSearchState, findCards } from './find-cards';

const number: CardNumber = { kind: 'accessNumber', value: '14400000000' };

function card(ref: string): PlatformCard {
  return { ref, iccid: null, accessNumber: null, carrier: 'unknown' };
}

/** Platforms with scripted cards and failures, which count the searches. */
function setUp(...names: string[]) {
  let now = 1_000_000;
  const platformStates = new Map(
    names.map((name) => [
      name,
      {
        asked: 0,
        knows: [] as PlatformCard[],
        isDown: false,
        answersOnly: undefined as string | undefined,
        fault: undefined as Error | undefined,
      },
    ]),
  );
  const side = (name: string) => platformStates.get(name)!;
  const platforms = names.map((name): CardPlatform => {
    const notExpected = () => Promise.reject(new Error(`unexpected call of ${name}`));
    return {
      name,
      idempotentOrders: true,
      report: notExpected,
      packagesOnSale: notExpected,
      orderPackage: notExpected,
      delivery: notExpected,
      ordersOfDay: notExpected,
      find: async ({ value }) => {
        side(name).asked += 1;
        await Promise.resolve();
        const { fault } = side(name);
        if (fault) throw fault;
        if (side(name).isDown) throw new PlatformUnavailable(`${name} is down`);
        const { answersOnly = value, knows } = side(name);
        return answersOnly === value ? knows : [];
      },
    };
  });
  const context = {
    platforms: createCardPlatforms(platforms),
    cardState: { search: createCardSearchState(() => now) },
  };
  const search = (wanted: CardNumber) => findCards(context, wanted);
  /** The cards that were found; the fault if there are none. */
  const find = async (wanted: CardNumber) => {
    const { found, fault } = await search(wanted);
    if (found.length === 0 && fault) throw fault;
    return found;
  };
  return { search, find, side, pass: (ms: number) => (now += ms) };
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

test.each([
  ['89860118801234567890', '8986011880123456789'],
  ['8986011880123456789', '89860118801234567890'],
])('the ICCID %s is also searched as %s', async (asked, stored) => {
  const { find, side } = setUp('one');
  side('one').knows = [card(stored)];
  side('one').answersOnly = stored;
  expect(await find({ kind: 'iccid', value: asked })).toEqual([
    { platform: 'one', card: card(stored) },
  ]);
  expect(side('one').asked).toBe(2);
});

test('a number that two platforms know means two cards, in the order of the platforms', async () => {
  const { find, side } = setUp('one', 'two');
  side('two').knows = [card('b')];
  side('one').knows = [card('a')];
  expect(await find(number)).toEqual([
    { platform: 'one', card: card('a') },
    { platform: 'two', card: card('b') },
  ]);
});

describe('a platform that does not answer', () => {
  test('does not hide the cards of the others', async () => {
    const { find, side } = setUp('one', 'two');
    side('one').isDown = true;
    side('two').knows = [card('b')];
    expect(await find(number)).toEqual([{ platform: 'two', card: card('b') }]);
  });

  test('is named', async () => {
    const { search, side } = setUp('one', 'two');
    side('one').isDown = true;
    side('two').knows = [card('b')];
    expect(await search(number)).toMatchObject({
      found: [{ platform: 'two', card: card('b') }],
      unanswered: ['one'],
    });
  });

  test('makes the search fail if no other platform has a card', async () => {
    const { find, side } = setUp('one', 'two');
    side('one').isDown = true;
    await expect(find(number)).rejects.toBeInstanceOf(PlatformUnavailable);
  });

  test('is queried again by the next search', async () => {
    const { find, side } = setUp('one');
    side('one').isDown = true;
    await expect(find(number)).rejects.toBeInstanceOf(PlatformUnavailable);
    side('one').isDown = false;
    side('one').knows = [card('a')];
    expect(await find(number)).toHaveLength(1);
  });

  test('is queried again while the answers of the others are cached', async () => {
    const { find, side } = setUp('one', 'two');
    side('one').isDown = true;
    side('two').knows = [card('b')];
    await find(number);
    side('one').isDown = false;
    side('one').knows = [card('a')];
    expect(await find(number)).toHaveLength(2);
    expect(side('two').asked).toBe(1);
  });
});

test('a hundred concurrent searches for one number query the platform once', async () => {
  const { find, side } = setUp('one');
  side('one').knows = [card('a')];
  await Promise.all(Array.from({ length: 100 }, () => find(number)));
  expect(side('one').asked).toBe(1);
});

test('numbers of different kinds are cached separately', async () => {
  const { find, side } = setUp('one');
  await find(number);
  await find({ kind: 'customNumber', value: number.value });
  expect(side('one').asked).toBe(2);
});

test.each([
  ['a card that was found is cached for five minutes', [card('a')], 5 * MINUTE],
  ['a number without a card is cached for half a minute', [], 30 * SECOND],
])('%s, not longer', async (_, knows, ttlMs) => {
  const { find, side, pass } = setUp('one');
  side('one').knows = knows;
  await find(number);
  pass(ttlMs - 1);
  await find(number);
  expect(side('one').asked).toBe(1);
  pass(1);
  await find(number);
  expect(side('one').asked).toBe(2);
});

test('a clock that is set back expires the cache', async () => {
  const { find, side, pass } = setUp('one');
  await find(number);
  pass(-10 * MINUTE);
  await find(number);
  expect(side('one').asked).toBe(2);
});

test('an error other than PlatformUnavailable is thrown', async () => {
  const { find, side } = setUp('one', 'two');
  side('two').fault = new TypeError('our own mistake');
  side('one').knows = [card('a')];
  await expect(find(number)).rejects.toBeInstanceOf(TypeError);
});
