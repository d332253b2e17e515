import { createTestStore, dialects, type TestStore } from '../testing/test-stores';
import { newId } from './ids';
import { openStore, type OpenStore } from './open-store';
import { isUniqueViolation } from './unique-violation';

describe.each(dialects)('a row that is there already (%s)', (dialect) => {
  let testStore: TestStore;
  let opened: OpenStore;
  beforeEach(async () => {
    testStore = await createTestStore(dialect);
    opened = await openStore(testStore.databaseUrl, { warn: () => undefined });
  });
  afterEach(async () => {
    await opened.close();
    await testStore.remove();
  });

  async function errorOf(write: () => Promise<unknown>): Promise<unknown> {
    await write();
    return write().then(
      () => undefined,
      (reason: unknown) => reason,
    );
  }

  function addUser(id: string, openid: string) {
    const row = { id, app_id: 'wx', openid, created_at: 1 };
    return opened.store.insertInto('users').values(row).execute();
  }

  test('is recognised by the columns of its unique constraint', async () => {
    const error = await errorOf(() => addUser(newId(), 'same'));
    expect(isUniqueViolation(error, 'users.app_id, users.openid')).toBe(true);
    expect(isUniqueViolation(error, 'users.openid')).toBe(false);
    expect(isUniqueViolation(error, 'orders.open_key')).toBe(false);
  });

  test('is recognised by the columns of its primary key', async () => {
    const id = newId();
    let count = 0;
    const error = await errorOf(() => addUser(id, `user ${String((count += 1))}`));
    expect(isUniqueViolation(error, 'users.id')).toBe(true);
  });

  test('is recognised in a table that a migration has recreated', async () => {
    const row = {
      channel: 'shingsou',
      external_id: 'same',
      kind: 'payment',
      order_number: 'n',
      transaction_id: null,
      received_at: 1,
      deliveries: 1,
      handled_at: null,
    } as const;
    const error = await errorOf(() =>
      opened.store
        .insertInto('notifications')
        .values({ ...row, id: newId() })
        .execute(),
    );
    const columns = 'notifications.channel, notifications.external_id';
    expect(isUniqueViolation(error, columns)).toBe(true);
  });

  test('does not have its values in the error', async () => {
    const error = await errorOf(() => addUser(newId(), 'openid-of-somebody'));
    const text = `${String(error)} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}`;
    expect(text).toMatch(/unique/i);
    expect(text).not.toContain('openid-of-somebody');
  });
});

test('an error with a similar message is none', () => {
  expect(isUniqueViolation(new Error('users.app_id'), 'users.app_id')).toBe(false);
  expect(isUniqueViolation(undefined, 'users.app_id')).toBe(false);
});
