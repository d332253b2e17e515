import { describeOrderRules, orderStateDiagram } from '../../server/orders/describe-order-rules';
import { describeSettings } from '../../server/settings/describe-settings';
import { API_BASE, contract } from '../../shared/contract';
import type { RouteDeclaration } from '../../shared/contract/route';
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

function rolesTable(): string {
  const rows = Object.entries<RouteDeclaration>(contract).flatMap(([key, route]) => {
    if (route.audience !== 'staff') return [];
    const [method = '', path = ''] = key.split(' ');
    const address = `${method} ${API_BASE}${path.replace(/:(\w+)/g, '{$1}')}`;
    const least = roles.indexOf(route.role);
    return [[code(address), route.summary, ...roles.map((_, at) => (at >= least ? '✓' : ''))]];
  });
  return table(['route', 'what it does', ...roles], rows);
}

function orderStates(): string {
  const rows = describeOrderRules().map(({ state, check, interval, next, alert }) => [
    code(state),
    interval,
    check,
    next.map(code).join(', '),
    alert,
  ]);
  const titles = ['state', 'checked', 'each check', 'next states', 'alert'];
  return `\`\`\`mermaid\n${orderStateDiagram()}\n\`\`\`\n\n${table(titles, rows)}`;
}
