/** Answers to questions about tables, kept until something is done with the table. */
export function createMemory() {
  const forgetting = new Map<string, Set<() => void>>();

  return {
    /** @param ask is asked again only after the table was forgotten */
    remember: <Answer>(table: string, ask: () => Promise<Answer>): (() => Promise<Answer>) => {
      let answer: Promise<Answer> | undefined;
      const known = forgetting.get(table) ?? new Set();
      forgetting.set(
        table,
        known.add(() => (answer = undefined)),
      );
      return () => (answer ??= ask());
    },
    forget: (tables: Iterable<string> = forgetting.keys()): void => {
      for (const table of tables) for (const forget of forgetting.get(table) ?? []) forget();
    },
  };
}

/** Whatever is quoted in a statement: tables and columns, as Kysely writes them. */
export function namesIn(sql: string): ReadonlySet<string> {
  return new Set([...sql.matchAll(/"(\w+)"/g)].map(([, name = '']) => name));
}
