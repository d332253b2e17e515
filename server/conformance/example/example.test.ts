import { fen } from '@shared/money';
import { parseCardNumber } from '@shared/card-number';
import { PlatformUnavailable } from '../../platforms/ports';
import type { PackageOrder } from '../../platforms/ports';
import type { TestServer } from '../../platforms/testing/http-server';
import { cardSuite, createAnswerLog, isConforming, markdown, runChecks } from '../index';
import type { CardFacts } from '../index';
import { SHOP_KEY, exampleCard, startExamplePlatform } from '../testing/example-platform';
import { createExample } from './index';
import { orderedStart } from '../../platforms/testing/ordered-start';

/** Runs the example of docs/writing-an-adapter.md through the suite that every adapter passes. */

let platform: TestServer;
let ahead: number;
const clock = () => Date.UTC(2026, 4, 12, 3) + ahead;
const log = createAnswerLog();
let example: ReturnType<typeof createExample>;

beforeEach(async () => {
  ahead = 0;
  platform = await startExamplePlatform(clock);
  const limits = { retryPause: 2, breakAfter: 100_000 };
  example = createExample({ url: platform.url, shopKey: SHOP_KEY, onAnswer: log.observe, limits });
});
afterEach(async () => {
  await example.close();
  await platform.close();
});

const order: PackageOrder = {
  orderNumber: 'LKEXAMPLE01',
  cardRef: exampleCard.id,
  packageId: 'p-1',
  ...orderedStart('now'),
  amount: fen(500),
};

test('the example passes the whole suite, including a paid order', async () => {
  const number = parseCardNumber(exampleCard.iccid)!;
  const facts: CardFacts = {
    clock,
    numbers: [number],
    unusedNumber: 'LKEXAMPLE99',
    orderNumber: undefined,
    unknownNumbers: [{ kind: 'accessNumber', value: '1999999999999' }],
    purchase: {
      order,
      wait: (milliseconds: number) => {
        ahead += milliseconds;
        return Promise.resolve();
      },
    },
  };
  const checks = await runChecks(cardSuite, { subject: example.cards, facts, writes: true });
  const report = { platform: 'example', at: '', writes: true, checks, answers: log.reports() };
  const shown = markdown(report);
  expect([isConforming(report), shown]).toEqual([true, shown]);
  const skipped = checks.filter(({ verdict }) => verdict === 'skipped');
  expect(skipped.map(({ method }) => method)).toEqual(['delivery', 'packageSnapshot']);
});

test('after a lost answer an order is unknown, and a query throws', async () => {
  await platform.close();
  expect(await example.cards.orderPackage(order)).toMatchObject({ outcome: 'unknown' });
  await expect(example.cards.report('c-1')).rejects.toThrow(PlatformUnavailable);
  platform = await startExamplePlatform(clock);
});

test('a refused order is not placed', async () => {
  const other = { ...order, packageId: 'p-9' };
  expect(await example.cards.orderPackage(other)).toMatchObject({ outcome: 'refused' });
  const placed = { ...other, reference: null, snapshotBefore: null };
  expect(await example.cards.delivery(placed)).toEqual({ state: 'absent', platformTime: null });
});
