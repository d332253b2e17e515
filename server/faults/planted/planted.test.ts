import { join } from 'node:path';
import { copySources, plant } from './copy';
import { huntBugs, listBugs } from './run';

const root = join(__dirname, '../../..');

test('every planted bug is caught by a schedule in which the sources are clean', async () => {
  const bugs = listBugs();
  expect(bugs).toHaveLength(14);
  const hunts = await huntBugs(bugs, { root, useHints: true, most: 3_000, jobs: 2 });
  const escaped = hunts.filter(({ seed }) => seed === undefined).map(({ bug }) => bug);
  expect(escaped).toEqual([]);
}, 300_000);

test('a patch that does not fit the sources any more is a failure, not a bug not found', () => {
  const copy = copySources(root);
  try {
    const [bug = ''] = listBugs();
    plant(copy, bug);
    expect(() => plant(copy, bug)).toThrow(/does not apply any more/);
  } finally {
    copy.remove();
  }
}, 60_000);
