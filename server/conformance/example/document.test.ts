import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Checks that the code shown in docs/writing-an-adapter.md is the code of the example. */

const root = join(__dirname, '../../..');
const page = readFileSync(join(root, 'docs/writing-an-adapter.md'), 'utf8');
const shown = [...page.matchAll(/<!-- (\S+\.ts) -->\s+```ts\n([\s\S]*?)```/g)].map(
  ([, file = '', code = '']): [string, string] => [file, code],
);

test('the page shows code of each of the three files', () => {
  expect(shown.map(([file]) => file.split('/').at(-1))).toEqual([
    'operations.ts',
    'client.ts',
    'card-platform.ts',
  ]);
});

test.each(shown)('the code it shows from %s is in that file', (file, code) => {
  expect(readFileSync(join(root, file), 'utf8')).toContain(code);
});

test('every file it links to exists', () => {
  const links = [...page.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path = '']) => path);
  expect(links.length).toBeGreaterThan(0);
  for (const path of links) expect(() => readFileSync(join(root, path))).not.toThrow(/ENOENT/);
});
