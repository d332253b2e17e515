import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Fault } from './settings-error';
import { variables } from './variables';
import type { Values, VariableName } from './variables';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ReadVariables {
  /** Values of faulty variables are missing, or their default. */
  values: Values;
  faults: Fault[];
  /** Whether a variable was given, right or wrong. An empty value counts as not given. */
  isSet: (name: VariableName) => boolean;
}

const schema = z.object(variables);

/** The text of a variable, from the environment or from the file that `<name>_FILE` names. */
function readText(name: string, environment: Environment, faults: Fault[]): string | undefined {
  const value = environment[name] || undefined;
  const path = environment[`${name}_FILE`] || undefined;
  if (path === undefined) return value;
  if (value !== undefined) {
    faults.push({ variable: name, message: `${name} and ${name}_FILE are both set; keep one` });
    return undefined;
  }
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    faults.push({ variable: name, message: `${name}_FILE: the file cannot be read` });
    return undefined;
  }
}

/**
 * Reads the variables named; all others count as not given. Never throws: what is wrong is in `faults`, at
 * most one for each variable.
 */
export function readVariables(
  names: readonly VariableName[],
  environment: Environment,
): ReadVariables {
  const faults: Fault[] = [];
  const texts: Partial<Record<VariableName, string>> = {};
  for (const name of names) {
    const text = readText(name, environment, faults);
    if (text !== undefined) texts[name] = text;
  }
  const given = new Set<string>([...Object.keys(texts), ...faults.map((fault) => fault.variable)]);
  const isSet = (name: VariableName) => given.has(name);
  const result = schema.safeParse(texts);
  if (result.success) return { values: result.data, faults, isSet };

  for (const { path, message } of result.error.issues) {
    const variable = String(path[0]);
    if (faults.some((fault) => fault.variable === variable)) continue;
    faults.push({ variable, message: `${variable}: ${message}` });
  }
  const sound = Object.entries(texts).filter(
    ([name]) => !faults.some((fault) => fault.variable === name),
  );
  // No variable is required by the schema, so that what is left can be read.
  return { values: schema.parse(Object.fromEntries(sound)), faults, isSet };
}
