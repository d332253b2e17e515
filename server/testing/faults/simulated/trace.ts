/** Writes what happens in a run, in plain sentences. */
export type Trace = (sentence: () => string) => void;

const RANDOM_NAMES = /LK\d{24}|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * Writes every sentence with its time since `start`. Order numbers and ids are random in the BFF and differ
 * from run to run: they are replaced by counters, so that the same seed gives the same trace.
 * @param now the simulated clock, epoch ms
 * @param write without it, the sentences are not even built
 */
export function createTrace(
  now: () => number,
  start: number,
  write: ((line: string) => void) | undefined,
): Trace {
  if (!write) return () => undefined;
  const known = new Map<string, string>();

  function plain(name: string): string {
    const kind = name.startsWith('LK') ? 'order' : 'id';
    const before = [...known.values()].filter((label) => label.startsWith(kind)).length;
    const label = known.get(name) ?? `${kind} ${String(before + 1)}`;
    known.set(name, label);
    return label;
  }

  return (sentence) => {
    const seconds = ((now() - start) / 1000).toFixed(3).padStart(10);
    write(`${seconds} s  ${sentence().replace(RANDOM_NAMES, plain)}`);
  };
}
