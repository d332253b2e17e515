import type { PlatformOperation } from '../../platforms/platform-operation';
import type { Field } from './fields';

/** What the command exits with. */
export const exitCodes = { done: 0, refused: 1, usage: 2, unknown: 3 } as const;

const exitHelp = `Exit codes:
  0 done
  1 refused by the platform
  2 wrong usage or settings: nothing was sent
  3 no usable answer; whether an operation changed something is unknown: query before you try again
`;

const MARK = '*';

/** The list of all operations and subcommands. */
export function overview(
  command: string,
  operations: readonly PlatformOperation[],
  subcommands: readonly { name: string; title: string }[] = [],
): string {
  const example = operations.find(({ changes }) => !changes) ?? operations[0];
  const others = subcommands.map(({ name, title }) => `  npm run ${command} -- ${name}  ${title}`);
  const more = others.length === 0 ? '' : `\nOther commands:\n${others.join('\n')}\n`;
  const width = Math.max(...operations.map(({ id }) => id.length));
  const list = operations.map(
    ({ id, title, changes }) => `  ${id.padEnd(width)} ${changes ? MARK : ' '} ${title}`,
  );
  return `Usage: npm run ${command} -- <operation> [--name value]… [--json] [--yes]
       npm run ${command} -- <operation> --help

Example: npm run ${command} -- ${example?.id ?? ''} --help

Operations (${String(operations.length)}; ${MARK} changes something and asks for confirmation):
${list.join('\n')}
${more}
${exitHelp}`;
}

function line({ name, type, required, description, sensitive }: Field): string {
  const notes = [
    required ? 'required' : '',
    description,
    sensitive ? 'never shown; @file reads a file' : '',
  ];
  return `  --${name} <${type}>  ${notes.filter((note) => note !== '').join('; ')}`.trimEnd();
}

/** What one operation takes. */
export function operationHelp(
  command: string,
  { id, title, changes }: PlatformOperation,
  fields: readonly Field[],
): string {
  const parameters = fields.length === 0 ? '  none' : fields.map(line).join('\n');
  const required = fields.filter((field) => field.required);
  const given = required.map(({ name, type }) => ` --${name} <${type}>`).join('');
  const warning = changes ? '\nChanges something: add --yes, or confirm in the terminal.\n' : '';
  return `${id} ${title}
${warning}
Usage: npm run ${command} -- ${id} [--name value]…
Example: npm run ${command} -- ${id}${given}

Parameters:
${parameters}

Lists: repeat the option, or separate with commas. json: a piece of JSON.
--json prints nothing but the answer, as JSON.

${exitHelp}`;
}
