import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findStaleDocuments } from './docs/documents';

/** `npm run docs:generate`: writes the generated sections of the documents again. */
for (const { path, text } of findStaleDocuments(resolve(__dirname, '..'))) {
  writeFileSync(path, text);
  console.log(`wrote ${path}`);
}
