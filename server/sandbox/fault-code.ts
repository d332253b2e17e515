/** The code of a fault of Node's (`ENOENT`, `ECONNREFUSED`); empty where it has none. */
export function faultCode(fault: unknown): string {
  if (typeof fault !== 'object' || fault === null || !('code' in fault)) return '';
  return typeof fault.code === 'string' ? fault.code : '';
}
