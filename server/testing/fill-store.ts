import { newId } from '../store/ids';
import type { Database } from '../store/schema';
import type { Store } from '../store/store';
import { tableNames, writeRows } from '../store/tables';

interface Rows {
  table: keyof Database;
  row: Record<string, unknown>;
}

/** A row for every table, with references between them and edge cases of texts and numbers. */
function rowsOf(index: number): Rows[] {
  const [user, card, staff, order, capture] = [newId(), newId(), newId(), newId(), newId()];
  const key = `${String(index)} ${user}`;
  const at = 1_800_000_000_000 + index;
  return [
    { table: 'users', row: { id: user, app_id: 'wx', openid: key, created_at: at } },
    { table: 'sessions', row: { token_hash: key, user_id: user, expires_at: at, created_at: at } },
    {
      table: 'cards',
      row: {
        id: card,
        platform: 'dakashi',
        ref: key,
        iccid: key,
        access_number: null,
        carrier: 'telecom',
        report: JSON.stringify({ name: "流卡 'quoted' \\ \u0000 😀" }),
        fetched_at: at,
        refetch: 1,
        created_at: at,
      },
    },
    { table: 'card_sightings', row: { user_id: user, card_id: card, seen_at: at } },
    {
      table: 'wallet_cards',
      row: { user_id: user, card_id: card, nickname: '备用 😀', added_at: at },
    },
    {
      table: 'staff',
      row: { id: staff, username: key, password_hash: 'x', role: 'agent', created_at: at },
    },
    {
      table: 'staff_sessions',
      row: { token_hash: key, staff_id: staff, expires_at: at, created_at: at },
    },
    {
      table: 'card_devices',
      row: { card_id: card, device_id: key, tied_at: at, user_id: user, staff_id: null },
    },
    { table: 'card_possessions', row: { user_id: user, card_id: card, proven_at: at } },
    {
      table: 'device_releases',
      row: {
        id: newId(),
        device_id: key,
        card_id: card,
        user_id: null,
        staff_id: staff,
        reason: '换机 😀',
        holders: 3,
        outcome: 'unknown',
        asked_at: at,
      },
    },
    {
      table: 'orders',
      row: {
        id: order,
        number: key,
        user_id: user,
        card_id: card,
        openid: key,
        platform: 'dakashi',
        card_ref: key,
        iccid: null,
        cost_fen: 1_500,
        channel: 'shingsou',
        package_id: 'p',
        package_name: '月包',
        package_data_mb: 0.5,
        effective: 'now',
        effective_from: at,
        settlement_day: 26,
        effective_until: at + 1,
        amount_fen: 1_999 + index,
        state: 'paid',
        state_since: at,
        version: 3,
        open_key: null,
        pay_before: at,
        created_at: at,
        cancel_requested_at: null,
        paid_at: at,
        delivered_at: null,
        transaction_id: key,
      },
    },
    {
      table: 'order_events',
      row: { id: newId(), order_id: order, version: 1, at, type: 'paid', detail: null },
    },
    {
      table: 'upstream_calls',
      row: { id: newId(), order_id: order, at, operation: 'query', outcome: 'paid' },
    },
    {
      table: 'captures',
      row: {
        id: capture,
        order_id: order,
        channel: 'shingsou',
        transaction_id: key,
        amount_fen: 1_999 + index,
        paid_at: at,
      },
    },
    {
      table: 'refunds',
      row: {
        id: newId(),
        order_id: order,
        capture_id: capture,
        number: key,
        amount_fen: 100,
        reason: 'r',
        state: 'done',
        state_since: at,
        version: 1,
        staff_id: staff,
        created_at: at,
        updated_at: at,
      },
    },
    {
      table: 'deliveries',
      row: {
        order_id: order,
        platform: 'dakashi',
        asked_at: at,
        outcome: 'accepted',
        reference: key,
        held_before: '[]',
        running_key: key,
        tries: 2,
        refusals: 1,
      },
    },
    {
      table: 'package_prices',
      row: {
        platform: 'dakashi',
        package_id: key,
        name: '月包',
        cost_fen: 1_500,
        seen_at: at,
        price_fen: 1_999,
        priced_at: at,
        staff_id: staff,
      },
    },
    {
      table: 'jobs',
      row: {
        id: newId(),
        kind: 'order',
        subject_id: order,
        run_at: at,
        attempts: 0,
        generation: 2,
        lease_token: null,
        lease_until: null,
      },
    },
    {
      table: 'idempotency_keys',
      row: {
        user_id: user,
        key: 'k',
        request_hash: 'h',
        order_id: order,
        answer: '{}',
        created_at: at,
      },
    },
    {
      table: 'notifications',
      row: {
        id: newId(),
        channel: 'shingsou',
        external_id: key,
        kind: 'payment',
        order_number: key,
        transaction_id: null,
        received_at: at,
        deliveries: 2,
        handled_at: null,
      },
    },
    {
      table: 'alerts',
      row: {
        id: newId(),
        kind: 'k',
        subject: order,
        open_key: key,
        detail: null,
        raised_at: at,
        settled_at: null,
      },
    },
    {
      table: 'reconciliations',
      row: {
        id: newId(),
        day: '2027-01-15',
        channel: key,
        compared_at: at,
        taken_here_fen: 1,
        taken_there_fen: 2,
        returned_here_fen: 3,
        returned_there_fen: 4,
      },
    },
    {
      table: 'differences',
      row: {
        id: newId(),
        day: '2027-01-15',
        channel: key,
        kind: 'amountDiffers',
        order_number: key,
        reference: '',
        here_fen: 1,
        there_fen: null,
        automatic: 0,
        found_at: at,
        settled_at: null,
      },
    },
    {
      table: 'audit',
      row: { id: newId(), at, staff_id: staff, action: 'a', subject: order, request_id: 'r' },
    },
    {
      table: 'tokens',
      row: {
        platform: key,
        generation: 3,
        sealed: 'x',
        asked_at: at,
        expires_at: at + 1,
        failures: 0,
        retry_at: null,
        lease_token: null,
        lease_until: null,
      },
    },
  ];
}

/** Inserts `count` rows into every table of a store. */
export async function fillStore(store: Store, count: number): Promise<void> {
  const all = Array.from({ length: count }, (_, index) => rowsOf(index)).flat();
  await store.transaction().execute(async (tx) => {
    for (const name of tableNames) {
      const rows = all.filter(({ table }) => table === name).map(({ row }) => row);
      for (let at = 0; at < rows.length; at += 500) {
        await writeRows(tx, name, rows.slice(at, at + 500));
      }
    }
  });
}
