import type { StaffAuth, UserAuth } from '../../../contract/caller';
import type { Store } from '../../../store/store';
import type { CardProvider } from './card-provider';

export interface Fixtures {
  customers: { name: string; auth: UserAuth }[];
  cards: [string, ...string[]];
  staff: StaffAuth;
}

function iccid(index: number): string {
  return `8986032600000000${String(index).padStart(4, '0')}`;
}

/** Inserts users, cards that all of them have looked up, and a supervisor. */
export async function insertFixtures(
  store: Store,
  provider: CardProvider,
  { customers, cards, now }: { customers: number; cards: number; now: number },
): Promise<Fixtures> {
  const users = Array.from({ length: customers }, (_, index) => ({
    id: `user-${String(index + 1)}`,
    app_id: 'simulated',
    openid: `openid-${String(index + 1)}`,
    created_at: now,
  }));
  const rows = Array.from({ length: cards }, (_, index) => ({
    id: `card-${String(index + 1)}`,
    platform: 'shingsou',
    ref: iccid(index),
    iccid: iccid(index),
    access_number: null,
    carrier: 'telecom',
    report: JSON.stringify(provider.report(iccid(index))),
    fetched_at: now,
    refetch: 0 as const,
    created_at: now,
  }));
  await store.insertInto('users').values(users).execute();
  await store.insertInto('cards').values(rows).execute();
  const staff = { id: 'staff-1', username: 'supervisor', role: 'supervisor' as const };
  await store
    .insertInto('staff')
    .values({ ...staff, password_hash: '', created_at: now })
    .execute();
  const sightings = users.flatMap(({ id: user_id }) =>
    rows.map(({ id: card_id }) => ({ user_id, card_id, seen_at: now })),
  );
  await store.insertInto('card_sightings').values(sightings).execute();
  const [first = '', ...others] = rows.map(({ id }) => id);
  return {
    cards: [first, ...others],
    staff: { staffId: staff.id, username: staff.username, role: staff.role },
    customers: users.map(({ id, openid, created_at: createdAt }, index) => ({
      name: `customer ${String(index + 1)}`,
      auth: { userId: id, openid, createdAt },
    })),
  };
}
