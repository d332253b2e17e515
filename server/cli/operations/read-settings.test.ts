import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readPlatformSettings, settingForms } from './read-settings';

const schema = z.object({
  SHOP_URL: settingForms.origin.default('https://shop.example'),
  SHOP_SECRET: settingForms.secret,
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'liuka-settings-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('takes what it is asked for, with defaults for what is empty', () => {
  const environment = { SHOP_URL: '', SHOP_SECRET: 'long-enough', OTHER: 'x' };
  const expected = { SHOP_URL: 'https://shop.example', SHOP_SECRET: 'long-enough' };
  expect(readPlatformSettings(schema, environment)).toEqual(expected);
});

it('reads a setting from the file that is named for it', () => {
  const file = join(folder, 'secret');
  writeFileSync(file, 'from-a-file\n');
  const read = readPlatformSettings(schema, { SHOP_SECRET_FILE: file });
  expect(read.SHOP_SECRET).toBe('from-a-file');
});

it('names every fault at once, and no value', () => {
  const environment = { SHOP_URL: 'nowhere', SHOP_SECRET: 'short' };
  expect(() => readPlatformSettings(schema, environment)).toThrow(
    /SHOP_URL: [\s\S]*SHOP_SECRET: must have at least 8 characters/,
  );
  expect(() => readPlatformSettings(schema, environment)).not.toThrow(/nowhere|short$/);
  expect(() => readPlatformSettings(schema, { SHOP_SECRET_FILE: join(folder, 'none') })).toThrow(
    'SHOP_SECRET_FILE: the file cannot be read',
  );
});
