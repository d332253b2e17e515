import { StoreError } from './store';

/** The parsed `DATABASE_URL`. */
export type DatabaseAddress =
  | { dialect: 'sqlite'; path: string; synchronous: 'full' | 'normal' }
  | { dialect: 'postgres'; url: string };

/**
 * Reads `sqlite:<path>[?synchronous=full|normal]` or `postgres://user:password@host/database`.
 * @throws StoreError that does not quote the URL, which may contain a password
 */
export function parseDatabaseUrl(databaseUrl: string): DatabaseAddress {
  if (/^postgres(ql)?:\/\//.test(databaseUrl)) return { dialect: 'postgres', url: databaseUrl };
  const sqlite = /^sqlite:([^?]+)(?:\?synchronous=(full|normal))?$/.exec(databaseUrl);
  const [, path, synchronous] = sqlite ?? [];
  if (path === undefined) {
    throw new StoreError(
      'DATABASE_URL must be sqlite:<path of a file> or postgres://<user>:<password>@<host>/<database>',
    );
  }
  return { dialect: 'sqlite', path, synchronous: synchronous === 'normal' ? 'normal' : 'full' };
}

/** The store's address for logs: without user and password. */
export function describeDatabase(databaseUrl: string): string {
  const address = parseDatabaseUrl(databaseUrl);
  if (address.dialect === 'sqlite') return `sqlite:${address.path}`;
  try {
    const { host, pathname } = new URL(address.url);
    return `postgres://${host}${pathname}`;
  } catch {
    return 'PostgreSQL';
  }
}
