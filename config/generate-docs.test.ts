import { relative, resolve } from 'node:path';
import { findStaleDocuments, renderDocument } from './docs/documents';
import { table } from './docs/table';

const root = resolve(__dirname, '..');

test('the generated sections of all documents are current: else run npm run docs:generate', () => {
  expect(findStaleDocuments(root).map(({ path }) => relative(root, path))).toEqual([]);
});

test('a section is replaced, and what is around it stays', () => {
  const text = 'before\n<!-- generated:settings -->\nold\n<!-- /generated -->\nafter\n';
  const rendered = renderDocument(text);
  expect(rendered).toMatch(/^before\n<!-- generated:settings -->\n\n\| setting \| meaning \| /);
  expect(rendered).toContain('| `PORT` | Port to listen on | `3000` |');
  expect(rendered).toMatch(/\n\n<!-- \/generated -->\nafter\n$/);
  expect(renderDocument(rendered)).toBe(rendered);
});

test('the roles of every staff route are listed', () => {
  const rendered = renderDocument('<!-- generated:roles -->\n<!-- /generated -->');
  expect(rendered).toContain('| `GET /api/v1/support/overview` | ');
});

test('the commands are listed as they are typed', () => {
  const rendered = renderDocument('<!-- generated:commands -->\n<!-- /generated -->');
  expect(rendered).toContain('| `npm run db -- migrate\\|check\\|copy\\|backup\\|restore` | ');
});

test('a section that does not exist is an error', () => {
  expect(() => renderDocument('<!-- generated:nothing -->\n<!-- /generated -->')).toThrow(
    'there is no generated section nothing',
  );
});

test('empty cells and bars are written as Markdown has them', () => {
  expect(table(['a', 'b'], [['x|y', '']])).toBe('| a | b |\n| --- | --- |\n| x\\|y | |');
});
