import { join } from 'node:path';
import { copySources, applyMutation } from './source-copy';
import { testMutants, listMutants } from './test-mutants';

const root = join(__dirname, '../../../..');

test('every planted bug is caught by a schedule that passes without it', async () => {
  const mutants = listMutants();
  expect(mutants).toHaveLength(16);
  const results = await testMutants(mutants, {
    root,
    useSeedHints: true,
    maxSchedules: 3_000,
    jobs: 2,
  });
  const escaped = results.filter(({ seed }) => seed === undefined).map(({ mutant }) => mutant);
  expect(escaped).toEqual([]);
}, 300_000);

test('a patch that no longer applies is an error', () => {
  const copy = copySources(root);
  try {
    const [mutant = ''] = listMutants();
    applyMutation(copy, mutant);
    expect(() => applyMutation(copy, mutant)).toThrow(/no longer applies/);
  } finally {
    copy.remove();
  }
}, 60_000);
