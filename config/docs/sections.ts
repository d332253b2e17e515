import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { API_BASE, contract } from '../../shared/contract';
import { describeSettings } from '../../server/settings/describe-settings';
import { commands } from '../run-command.cjs';
import { table } from './table';

/** The parts of the documents that are generated from the code, by name. */
export const sections: Readonly<Record<string, () => string>> = {
  settings: settingsTable,
  commands: commandsTable,
  roles: rolesTable,
  'order-states': orderStates,
};

function code(text: string): string {
  return `\`${text}\``;
}

function settingsTable(): string {
  const rows = describeSettings().map(({ name, description, choices, secret, default: value }) => {
    const options = choices.length > 0 ? ` (${choices.map(code).join(', ')})` : '';
    const meaning = `${description}${options}${secret ? '. Secret' : ''}`;
    return [code(name), meaning, value === undefined ? '' : code(value)];
  });
  return table(['setting', 'meaning', 'default'], rows);
}

function commandsTable(): string {
  const rows = Object.values(commands).map(({ usage, summary }) => [code(usage), summary]);
  return table(['command', 'what it does'], rows);
}

const roles = ['agent', 'supervisor', 'admin'];

/** What the table of roles reads of a route; routes without a role are open to the whole staff. */
const staffRoute = z.object({
  audience: z.literal('staff'),
  summary: z.string(),
  role: z.string().default('agent'),
});

function rolesTable(): string {
  const rows = Object.entries(contract).flatMap(([key, declaration]) => {
    const route = staffRoute.safeParse(declaration).data;
    if (!route) return [];
    const [method = '', path = ''] = key.split(' ');
    const address = `${method} ${API_BASE}${path.replace(/:(\w+)/g, '{$1}')}`;
    const least = roles.indexOf(route.role);
    return [[code(address), route.summary, ...roles.map((_, at) => (at >= least ? '✓' : ''))]];
  });
  return table(['route', 'what it does', ...roles], rows);
}

const orderRules = z.array(
  z.object({
    state: z.string(),
    check: z.string(),
    interval: z.string(),
    next: z.array(z.string()),
    alert: z.string(),
  }),
);

interface OrderRulesModule {
  describeOrderRules(): unknown;
  orderStateDiagram(): string;
}

function orderStates(): string {
  const path = join(__dirname, '../../server/orders/describe-order-rules');
  if (!existsSync(`${path}.ts`)) throw new Error('server/orders describes no rules');
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the only section that has a module of its own: a document without it can be generated without it
  const { describeOrderRules, orderStateDiagram } = require(path) as OrderRulesModule;
  const rows = orderRules
    .parse(describeOrderRules())
    .map(({ state, check, interval, next, alert }) => [
      code(state),
      interval,
      check,
      next.map(code).join(', '),
      alert,
    ]);
  const titles = ['state', 'checked', 'each check', 'next states', 'alert'];
  return `\`\`\`mermaid\n${orderStateDiagram()}\n\`\`\`\n\n${table(titles, rows)}`;
}
