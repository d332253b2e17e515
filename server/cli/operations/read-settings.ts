import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { SettingsError } from '../../settings';
import type { Environment } from '../../settings';
import { origin, secret } from '../../settings/setting-schemas';

/** Forms of settings that several platforms have. */
export const settingForms = { origin, secret };

/** A setting's text, from the environment or the file that `<name>_FILE` names. Empty counts as not set. */
function readText(name: string, environment: Environment, faults: string[]): string | undefined {
  const path = environment[`${name}_FILE`] || undefined;
  const value = environment[name] || undefined;
  if (path === undefined) return value;
  if (value !== undefined) faults.push(`${name} and ${name}_FILE are both set; keep one`);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    faults.push(`${name}_FILE: the file cannot be read`);
    return undefined;
  }
}

/**
 * Reads the settings of one platform alone, under the names and by the rules the BFF reads them.
 * @throws SettingsError naming every fault at once, never a value
 */
export function readPlatformSettings<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: Environment,
): z.output<z.ZodObject<Shape>> {
  const faults: string[] = [];
  const values = Object.fromEntries(
    Object.keys(schema.shape).map((name) => [name, readText(name, environment, faults)]),
  );
  const result = schema.safeParse(values);
  for (const { path, message } of result.error?.issues ?? []) {
    const name = path.join('.');
    if (faults.some((fault) => fault.startsWith(name))) continue;
    faults.push(values[name] === undefined ? `${name} is missing` : `${name}: ${message}`);
  }
  if (faults.length > 0 || !result.success) throw new SettingsError(faults);
  return result.data;
}
