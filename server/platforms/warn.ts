import type { z } from 'zod';

/** Reports a problem to the operator. The details hold no number, code, token, key or personal data. */
export type Warn = (message: string, details: Readonly<Record<string, unknown>>) => void;

export const ignoreWarnings: Warn = () => undefined;

/** How many different problems `onlyOnce` remembers. */
const MAX_REMEMBERED = 1_000;

/** Reports each problem once, for problems that last and are met again at every query. */
export function onlyOnce(warn: Warn): Warn {
  const reported = new Set<string>();
  return (message, details) => {
    const problem = JSON.stringify([message, details]);
    if (reported.has(problem)) return;
    if (reported.size >= MAX_REMEMBERED) reported.clear();
    reported.add(problem);
    warn(message, details);
  };
}

/** The paths of the fields that failed a schema, never their values. */
export function invalidFields(error: z.ZodError): string[] {
  return error.issues.map(({ path }) => path.map(String).join('.'));
}
