import { PlatformUnavailable } from '../../platforms/ports';

/** An answer of a platform, or why there was none, in the adapter's words, which hold no value. */
export type Attempt<Value> = { value: Value } | { problem: string };

export async function attempt<Value>(query: () => Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { value: await query() };
  } catch (error) {
    if (error instanceof PlatformUnavailable) return { problem: error.message };
    throw error;
  }
}
