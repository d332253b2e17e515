import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(__dirname, '..');

const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((name) => name !== '');

/** The anchor of a heading, as code hosts derive it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/gu, '-');
}

function anchorsIn(text: string): string[] {
  return [...text.matchAll(/^#{1,6} (.+)$/gmu)].map(([, heading = '']) => anchorOf(heading));
}

/** The links and pictures of a document that lead to files of the project. */
function localLinks(text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/gu)];
  return targets
    .map(([, link, picture]) => link ?? picture ?? '')
    .filter((target) => !/^[a-z]+:/u.test(target));
}

function isBroken(document: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? document : join(dirname(document), path);
  if (!existsSync(join(root, file))) return true;
  if (anchor === undefined) return false;
  return !anchorsIn(readFileSync(join(root, file), 'utf8')).includes(decodeURIComponent(anchor));
}

test.each(documents)('every link of %s leads to a file and a heading that exist', (document) => {
  const links = localLinks(readFileSync(join(root, document), 'utf8'));
  expect(links.filter((target) => isBroken(document, target))).toEqual([]);
});
