import type { PlatformOperation } from '../../platforms/platform-operation';
import type { Field } from './fields';

/** What the command exits with. */
export const exitCodes = { done: 0, refused: 1, usage: 2, unknown: 3 } as const;

const exitHelp = `退出码 (exit codes):
  0 完成 (done)
  1 平台拒绝 (refused by the platform)
  2 用法或设置不对，什么也没有发出 (wrong usage or settings, nothing was sent)
  3 没有可用的应答；如果是有改动的操作，结果未知，先查询再重试
    (no usable answer; whether an operation changed something is unknown: query before trying again)
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
  const more = others.length === 0 ? '' : `\n其他命令 (other commands):\n${others.join('\n')}\n`;
  const width = Math.max(...operations.map(({ id }) => id.length));
  const list = operations.map(
    ({ id, title, changes }) => `  ${id.padEnd(width)} ${changes ? MARK : ' '} ${title}`,
  );
  return `用法 (Usage): npm run ${command} -- <operation> [--name value]… [--json] [--yes]
       npm run ${command} -- <operation> --help

例如 (example): npm run ${command} -- ${example?.id ?? ''} --help

操作 (operations, ${String(operations.length)}; ${MARK} = 有改动，要确认 (changes something, asks for confirmation)):
${list.join('\n')}
${more}
${exitHelp}`;
}

function line({ name, type, required, description, sensitive }: Field): string {
  const notes = [
    required ? '必填 (required)' : '',
    description,
    sensitive ? '不显示；可写 @文件 (never shown; @file is read)' : '',
  ];
  return `  --${name} <${type}>  ${notes.filter((note) => note !== '').join('; ')}`.trimEnd();
}

/** What one operation takes. */
export function operationHelp(
  command: string,
  { id, title, changes }: PlatformOperation,
  fields: readonly Field[],
): string {
  const parameters = fields.length === 0 ? '  无 (none)' : fields.map(line).join('\n');
  const required = fields.filter((field) => field.required);
  const given = required.map(({ name, type }) => ` --${name} <${type}>`).join('');
  const warning = changes
    ? '\n有改动：加 --yes 或在终端确认 (changes something: --yes, or confirm)\n'
    : '';
  return `${id} ${title}
${warning}
用法 (usage): npm run ${command} -- ${id} [--name value]…
例如 (example): npm run ${command} -- ${id}${given}

参数 (parameters):
${parameters}

列表：重复参数或用逗号分开；json：一段 JSON (lists: repeat the option, or commas; json: a piece of JSON)
--json 只输出应答的 JSON (prints the bare answer as JSON)

${exitHelp}`;
}
