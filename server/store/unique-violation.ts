/** SQLSTATE unique_violation (PostgreSQL manual, appendix A). */
const POSTGRES_UNIQUE = '23505';
const SQLITE_UNIQUE: readonly unknown[] = [
  'SQLITE_CONSTRAINT_UNIQUE',
  'SQLITE_CONSTRAINT_PRIMARYKEY',
];

/**
 * Whether a write failed because a row with the same unique columns (`table.column, table.column`, in the
 * order of the constraint) exists. On PostgreSQL the transaction is over then: look outside of it.
 * Told by what the error says rather than by its class: SQLite's driver is native code and makes its
 * errors where it was first loaded.
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

/** `table` is pg's, `columns` what the store's driver has kept of the error. */
function postgresColumns(error: object): string | undefined {
  if (!('table' in error) || !('columns' in error)) return undefined;
  const table = String(error.table);
  return String(error.columns)
    .split(', ')
    .map((column) => `${table}.${column}`)
    .join(', ');
}
