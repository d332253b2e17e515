import { UsageError } from '../../lib/usage-error';
import { say } from './say';
import { didYouMean } from './suggest';

/** What was typed behind the command. */
export interface Arguments {
  /** Undefined where none was named. */
  operation: string | undefined;
  /** The texts given for each parameter, in camel case, in their order. */
  values: ReadonlyMap<string, readonly string[]>;
  help: boolean;
  json: boolean;
  yes: boolean;
}

const switches = ['help', 'json', 'yes'] as const;
type Switch = (typeof switches)[number];

function isSwitch(name: string): name is Switch {
  return switches.some((one) => one === name);
}

/** `card-no` is taken for `cardNo`. */
function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** @throws UsageError if something is neither an operation nor an option with its value. */
export function readArguments(argv: readonly string[]): Arguments {
  const values = new Map<string, string[]>();
  const set = new Set<Switch>();
  const [first, ...others] = argv;
  const operation = first?.startsWith('-') ? undefined : first;
  const rest = operation === undefined ? [...argv] : others;
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '-h') word = '--help';
    const option = /^--([A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(word);
    if (!option) throw new UsageError(say('每个参数写成 --名称 值', 'parameters are --name value'));
    const [, typed = '', attached] = option;
    if (isSwitch(typed) && attached === undefined) {
      set.add(typed);
      continue;
    }
    const value = attached ?? rest.shift();
    if (value === undefined) {
      const meant = didYouMean(typed, switches);
      throw new UsageError(`--${typed} ${say('没有值', 'has no value')}${meant}`);
    }
    const name = camelCase(typed);
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return { operation, values, help: set.has('help'), json: set.has('json'), yes: set.has('yes') };
}
