import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The builds stay small enough to open quickly on a slow connection. */

const KB = 1024;
const DIST = join(__dirname, '../../dist');
const MAIN_PACKAGE_KB = 700;
/** WeChat rejects packages of more than 2 MB; ours stay far below that. */
const SUBPACKAGE_KB = 300;
const ONE_FILE_KB = 250;
const H5_FIRST_LOAD_KB = 220;

interface BuiltFile {
  path: string;
  bytes: number;
}

function filesIn(folder: string): BuiltFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(folder, path), bytes: statSync(path).size }));
}

function kilobytes(files: BuiltFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0) / KB;
}

function print(what: string, size: number, budget: number): void {
  process.stdout.write(`${what}: ${size.toFixed(0)} KB of ${budget} KB\n`);
}

describe('the mini-program', () => {
  const folder = join(DIST, 'weapp');
  const manifest = JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8')) as {
    subPackages?: { root: string }[];
    lazyCodeLoading?: string;
  };
  const files = filesIn(folder);
  const roots = (manifest.subPackages ?? []).map(({ root }) => `${root.replace(/\/$/, '')}/`);
  const isIn = (root: string) => (file: BuiltFile) => file.path.startsWith(root);

  test('has a main package within the budget', () => {
    const main = files.filter((file) => !roots.some((root) => isIn(root)(file)));
    print('main package', kilobytes(main), MAIN_PACKAGE_KB);
    expect(main.length).toBeGreaterThan(0);
    expect(kilobytes(main)).toBeLessThanOrEqual(MAIN_PACKAGE_KB);
  });

  test('has subpackages within the budget', () => {
    const sizes = roots.map((root) => [root, kilobytes(files.filter(isIn(root)))] as const);
    for (const [root, size] of sizes) print(`subpackage ${root}`, size, SUBPACKAGE_KB);
    expect(sizes.filter(([, size]) => size > SUBPACKAGE_KB)).toEqual([]);
  });

  test('has no file above the size limit', () => {
    expect(files.filter(({ bytes }) => bytes > ONE_FILE_KB * KB)).toEqual([]);
  });

  test('loads only the code that a page needs', () => {
    expect(manifest.lazyCodeLoading).toBe('requiredComponents');
  });
});

describe('the H5 client', () => {
  const folder = join(DIST, 'h5');

  test('has compressed files of the first page within the budget', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    const referenced = [...html.matchAll(/(?:src|href)="\/?([^":]+\.(?:js|css))"/g)].map(
      ([, path = '']) => path,
    );
    const parts = [
      Buffer.from(html),
      ...referenced.map((path) => readFileSync(join(folder, path))),
    ];
    const size = parts.reduce((sum, part) => sum + gzipSync(part).length, 0) / KB;
    print('H5 first load (gzip)', size, H5_FIRST_LOAD_KB);
    expect(referenced.some((path) => path.endsWith('.js'))).toBe(true);
    expect(size).toBeLessThanOrEqual(H5_FIRST_LOAD_KB);
  });

  test('loads nothing from other origins', () => {
    const html = readFileSync(join(folder, 'index.html'), 'utf8');
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });
});
