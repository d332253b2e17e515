/** Whether a value is a string that is not empty. */
export function isString(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Whether a value is an object with properties to read, and not an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
