import { sql } from 'kysely';
import type { Database } from './schema';
import type { Store } from './store';

export type TableName = keyof Database;

/**
 * The primary key of every table, in an order in which rows can be inserted: referenced tables come first.
 */
const primaryKeys: Readonly<Record<TableName, readonly string[]>> = {
  users: ['id'],
  sessions: ['token_hash'],
  cards: ['id'],
  card_sightings: ['user_id', 'card_id'],
  wallet_cards: ['user_id', 'card_id'],
  staff: ['id'],
  staff_sessions: ['token_hash'],
  card_devices: ['card_id'],
  card_possessions: ['user_id', 'card_id'],
  device_releases: ['id'],
  orders: ['id'],
  order_events: ['id'],
  upstream_calls: ['id'],
  captures: ['id'],
  refunds: ['id'],
  refund_settlements: ['id'],
  deliveries: ['order_id'],
  package_prices: ['platform', 'package_id'],
  sale_locks: ['platform'],
  jobs: ['id'],
  idempotency_keys: ['user_id', 'key'],
  staff_idempotency_keys: ['staff_id', 'key'],
  notifications: ['id'],
  alerts: ['id'],
  reconciliations: ['id'],
  differences: ['id'],
  audit: ['id'],
  tokens: ['platform'],
};

function isTableName(name: string): name is TableName {
  return name in primaryKeys;
}

export const tableNames: readonly TableName[] = Object.keys(primaryKeys).filter(isTableName);

export type Row = Readonly<Record<string, unknown>>;

/** Keeps statements below SQLite's limit of 32,766 parameters for every table. */
const PAGE_SIZE = 500;

/** Yields all rows of a table in pages, by primary key. Call it in a transaction to read a snapshot. */
export async function* readRows(store: Store, table: TableName): AsyncGenerator<Row[]> {
  const key = sql.join(primaryKeys[table].map((column) => sql.ref(column)));
  let last: Row | undefined;
  do {
    const after = last && sql.join(primaryKeys[table].map((column) => sql.val(last?.[column])));
    const { rows } = await sql<Row>`
      select * from ${sql.table(table)}
      ${after ? sql`where (${key}) > (${after})` : sql``}
      order by ${key} limit ${sql.lit(PAGE_SIZE)}`.execute(store);
    if (rows.length > 0) yield rows;
    last = rows.length < PAGE_SIZE ? undefined : rows.at(-1);
  } while (last);
}

/** Inserts rows unchanged. */
export async function writeRows(
  store: Store,
  table: TableName,
  rows: readonly Row[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const values = rows.map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  await sql`insert into ${sql.table(table)} (${names}) values ${sql.join(values)}`.execute(store);
}

/** Deletes all rows of all tables. */
export async function clearTables(store: Store): Promise<void> {
  for (const table of tableNames.toReversed()) {
    await sql`delete from ${sql.table(table)}`.execute(store);
  }
}

/** The row count of a table, and the sums of its columns of money, in fen. */
export interface TableTotals {
  table: TableName;
  rows: number;
  fen: Readonly<Record<string, number>>;
}

/** The totals of every existing table (an older schema has fewer), for comparing two stores. */
export async function readTotals(store: Store): Promise<TableTotals[]> {
  const described = await store.introspection.getTables();
  const totals: TableTotals[] = [];
  for (const table of tableNames) {
    const columns = described.find(({ name }) => name === table)?.columns;
    if (!columns) continue;
    const money = columns.map(({ name }) => name).filter((name) => name.endsWith('_fen'));
    const sums = money.map((name) => sql`, coalesce(sum(${sql.ref(name)}), 0) as ${sql.ref(name)}`);
    const { rows: found } = await sql<Record<string, number>>`
      select count(*) as row_count ${sql.join(sums, sql``)} from ${sql.table(table)}`.execute(
      store,
    );
    const { row_count: rows = 0, ...fen } = found[0] ?? {};
    totals.push({ table, rows, fen });
  }
  return totals;
}

/** The differences between the totals of two stores, a line each; empty if there are none. */
export function compareTotals(
  one: readonly TableTotals[],
  other: readonly TableTotals[],
): string[] {
  const totals = one.flatMap(totalsByName);
  const otherTotals = new Map(other.flatMap(totalsByName));
  return totals
    .filter(([name, total]) => otherTotals.get(name) !== total)
    .map(([name, figure]) => `${name}: ${String(figure)} and ${String(otherTotals.get(name))}`);
}

function totalsByName({ table, rows, fen }: TableTotals): [string, number][] {
  const sums = Object.entries(fen).map(([column, sum]): [string, number] => [
    `${table}.${column}`,
    sum,
  ]);
  return [[`${table} rows`, rows], ...sums];
}
