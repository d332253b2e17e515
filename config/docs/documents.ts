import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sections } from './sections';

const SECTION = /(<!-- generated:([\w-]+) -->\n)[\s\S]*?(<!-- \/generated -->)/g;

/** The Markdown documents of the project. */
function listDocuments(root: string): string[] {
  const own = readdirSync(root).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name));
  return [...own, ...docs].map((name) => join(root, name));
}

/**
 * A document with its generated sections, `<!-- generated:NAME -->` to `<!-- /generated -->`, written again.
 * @throws Error for a section that does not exist
 */
export function renderDocument(text: string): string {
  return text.replace(SECTION, (_, start: string, name: string, end: string) => {
    const render = sections[name];
    if (!render) throw new Error(`there is no generated section ${name}`);
    return `${start}\n${render()}\n\n${end}`;
  });
}

/** The documents whose generated sections are not current, with what they should be. */
export function findStaleDocuments(root: string): { path: string; text: string }[] {
  return listDocuments(root).flatMap((path) => {
    const current = readFileSync(path, 'utf8');
    const text = renderDocument(current);
    return text === current ? [] : [{ path, text }];
  });
}
