/** The code of a fault of Node's (`ENOENT`, `ECONNREFUSED`); empty where it has none. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}
