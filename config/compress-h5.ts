import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';

/**
 * Puts a `.gz` beside every text file of the built H5 client, which the BFF then sends as it is: done
 * once here, not for every visitor.
 */
const FOLDER = 'dist/h5';
const TEXT = /\.(?:js|css|svg|json)$/;

for (const name of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })) {
  if (!TEXT.test(name)) continue;
  const path = join(FOLDER, name);
  const level = constants.Z_BEST_COMPRESSION;
  writeFileSync(`${path}.gz`, gzipSync(readFileSync(path), { level }));
}
