import { openTestStore, dialects } from '../testing/test-stores';
import { upsertCard } from './card-queries';

const ICCID = '89860118801234567890';

function card(ref: string) {
  return { ref, iccid: ref, accessNumber: null, carrier: 'unicom' as const };
}

describe.each(dialects)('on %s', (dialect) => {
  const store = openTestStore(dialect);

  test('19 and 20 characters of one ICCID are one card, which keeps its id and reference', async () => {
    const first = await upsertCard(store, 'shingsou', card(ICCID.slice(0, 19)), 1);
    const again = await upsertCard(store, 'shingsou', card(ICCID), 2);
    expect(again.id).toBe(first.id);
    expect(again.ref).toBe(first.ref);
    const other = await upsertCard(store, 'shingsou', card('89860118801234567880'), 3);
    expect(other.id).not.toBe(first.id);
  });

  test('the same ICCID at another platform is another card', async () => {
    const one = await upsertCard(store, 'shingsou', card(ICCID), 1);
    const other = await upsertCard(store, 'dakashi', card(ICCID), 1);
    expect(other.id).not.toBe(one.id);
  });
});
