import type { z } from 'zod';

/** Told what an operator should look into; details carry no number, code, token, key or personal data. */
export type Warn = (message: string, details: Readonly<Record<string, unknown>>) => void;

/** Where an answer has another form than it should, for `Warn`: names of fields, never what is in them. */
export function invalidFields(error: z.ZodError): string[] {
  return error.issues.map(({ path }) => path.map(String).join('.'));
}
