/** SQLSTATE unique_violation (PostgreSQL manual, appendix A). */
const POSTGRES_UNIQUE = '23505';
const SQLITE_UNIQUE: readonly unknown[] = [
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
];

/**
 * Whether a write failed because a row with the same unique columns (`table.column, table.column`, in the
 * order of the constraint) exists. On PostgreSQL the transaction has failed then: query outside of it.
 * Matches by message rather than class, because errors of SQLite's native driver can be of another realm.
 */
export function isUniqueViolation(error: unknown, columns: string): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  if (error.code === POSTGRES_UNIQUE) return postgresColumns(error) === columns;
  return (
    SQLITE_UNIQUE.includes(error.code) &&
    'message' in error &&
    // `UNIQUE constraint failed: users.app_id, users.openid`
    String(error.message).endsWith(`: ${columns}`)
  );
}

/** `table` is set by pg, `columns` by the store's driver. */
function postgresColumns(error: object): string | undefined {
  if (!('table' in error) || !('columns' in error)) return undefined;
  const table = String(error.table);
  return String(error.columns)
    .split(', ')
    .map((column) => `${table}.${column}`)
    .join(', ');
}
