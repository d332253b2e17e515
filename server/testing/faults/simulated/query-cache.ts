/** Caches queries of tables until a statement touches the table. */
export function createQueryCache() {
  const invalidators = new Map<string, Set<() => void>>();

  return {
    /** @param query runs again only after `forget` of its table */
    cache: <Answer>(table: string, query: () => Promise<Answer>): (() => Promise<Answer>) => {
      let answer: Promise<Answer> | undefined;
      const known = invalidators.get(table) ?? new Set();
      invalidators.set(
        table,
        known.add(() => (answer = undefined)),
      );
      return () => (answer ??= query());
    },
    forget: (tables: Iterable<string> = invalidators.keys()): void => {
      for (const table of tables)
        for (const invalidate of invalidators.get(table) ?? []) invalidate();
    },
  };
}

/** The quoted names in a statement: its tables and columns, as Kysely writes them. */
export function quotedNames(sql: string): ReadonlySet<string> {
  return new Set([...sql.matchAll(/"(\w+)"/g)].map(([, name = '']) => name));
}
