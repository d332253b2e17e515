/**
 * Whether a write failed because a row with the same unique columns (`table.column, …`) exists.
 * Told by what the error says rather than by its class: the driver is native code and makes its errors
 * where it was first loaded.
 */
export function isUniqueViolation(error: unknown, columns: string): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if (!('code' in error) || !('message' in error)) return false;
  return (
    (error.code === 'SQLITE_CONSTRAINT_UNIQUE' || error.code === 'SQLITE_CONSTRAINT_PRIMARYKEY') &&
    String(error.message).includes(columns)
  );
}
