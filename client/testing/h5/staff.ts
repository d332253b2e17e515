import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { ClientPage } from './browser';

export const STAFF_DESK = '/support/pages/desk/index';
const PASSWORD = 'a long enough password';

/** Adds a staff account with the command that operators use, while the server runs. */
export function addStaff(databaseUrl: string, username: string): void {
  execFileSync(process.execPath, ['--import', 'tsx', 'server/cli/staff.ts', 'add', username], {
    cwd: join(__dirname, '../../..'),
    env: { ...process.env, DATABASE_URL: databaseUrl },
    input: `${PASSWORD}\n`,
  });
}

/** Signs in at the staff desk and waits until it is shown. */
export async function signInStaff(client: ClientPage, username: string): Promise<void> {
  await client.page.goto(STAFF_DESK);
  await client.field('staff-username').fill(username);
  await client.field('staff-password').fill(PASSWORD);
  await client.byId('staff-sign-in').click();
  await client.byId('desk-query').waitFor();
}

/** Searches the staff desk for a number. */
export async function searchDesk(client: ClientPage, query: string): Promise<void> {
  await client.field('desk-query').fill(query);
  await client.byId('desk-search').click();
}
