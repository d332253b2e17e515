import type { z } from 'zod';

/** Reports a problem to the operator. The details hold no number, code, token, key or personal data. */
export type Warn = (message: string, details: Readonly<Record<string, unknown>>) => void;

export const ignoreWarnings: Warn = () => undefined;

/** The paths of the fields that failed a schema, never their values. */
export function invalidFields(error: z.ZodError): string[] {
  return error.issues.map(({ path }) => path.map(String).join('.'));
}
