import { setTimeout as sleep } from 'node:timers/promises';

/** Polls until `check` returns something. @throws Error with the name of what was waited for */
export async function eventually<Found>(
  what: string,
  check: () => Promise<Found | undefined | false> | Found | undefined | false,
  timeoutMs = 8_000,
): Promise<Found> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`timed out: ${what}`);
    await sleep(40);
  }
}
