import { migrate } from '../store/migrate';
import { openSqlite, sqlitePath } from '../store/sqlite';

const usage = `Usage: npm run db -- migrate

Brings the store that DATABASE_URL names to the newest schema.
`;

async function main(): Promise<void> {
  if (process.argv[2] !== 'migrate') {
    process.stderr.write(usage);
    process.exit(1);
  }
  const store = openSqlite(sqlitePath(process.env.DATABASE_URL ?? 'sqlite:./data/liuka.db'));
  try {
    const names = await migrate(store);
    process.stdout.write(names.length > 0 ? `Migrated: ${names.join(', ')}\n` : 'Up to date.\n');
  } finally {
    await store.destroy();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
