/** How many single changes turn one text into another (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}

const MAX_SUGGESTIONS = 3;

/** The names somebody may have meant, the nearest first. */
function suggest(typed: string, names: readonly string[]): string[] {
  const wanted = typed.toLowerCase();
  const near = Math.max(2, Math.floor(wanted.length / 3));
  const isPart = (name: string) => wanted.length > 2 && name.includes(wanted);
  return names
    .map((name) => ({ name, away: distance(wanted, name.toLowerCase()) }))
    .filter(({ name, away }) => away <= near || isPart(name.toLowerCase()))
    .sort((one, other) => one.away - other.away)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ name }) => name);
}

/** ` — did you mean …?`, or nothing. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const near = suggest(typed, names);
  return near.length === 0 ? '' : `；是不是 (did you mean) ${near.join(' / ')}？`;
}
