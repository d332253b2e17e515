const INDENT = '  ';

/** Control characters of an answer must not steer a terminal. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\n' ? '\n' : '\uFFFD'));
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function leaf(value: unknown): string {
  if (value === null || value === undefined) return '-';
  // Branches are written out; what is left of objects is empty.
  return typeof value === 'string' ? plain(value) : JSON.stringify(value);
}

function lines(value: unknown, depth: number): string[] {
  const indent = INDENT.repeat(depth);
  if (!isBranch(value)) return [`${indent}${leaf(value)}`];
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, at) =>
      isBranch(item)
        ? [`${indent}[${String(at + 1)}]`, ...lines(item, depth + 1)]
        : [`${indent}- ${leaf(item)}`],
    );
  }
  return Object.entries(value).flatMap(([name, item]: [string, unknown]) =>
    isBranch(item)
      ? [`${indent}${plain(name)}:`, ...lines(item, depth + 1)]
      : [`${indent}${plain(name)}: ${leaf(item)}`],
  );
}

/** An answer for people: a line a value, what belongs together set in. */
export function formatReadable(value: unknown): string {
  return `${lines(value, 0).join('\n')}\n`;
}
