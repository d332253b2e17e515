import { z } from 'zod';
import { variableGroups } from './variables';
import type { GroupName } from './variables';

/** A setting, as documents list it. */
export interface SettingDescription {
  /** The environment variable. */
  name: string;
  description: string;
  /** As it would be written in the environment; undefined where there is none. */
  default: string | undefined;
  /** Values allowed, where they are few. */
  choices: readonly string[];
  /** Its value is never shown; better given as a file (`X_FILE`). */
  secret: boolean;
  group: GroupName;
}

/** The parts of JSON Schema that Zod writes for a variable. */
const node = z.object({
  description: z.string(),
  default: z.union([z.string(), z.number()]).optional(),
  enum: z.array(z.string()).default([]),
  secret: z.boolean().default(false),
});

function describeVariable(name: string, schema: z.ZodType, group: GroupName): SettingDescription {
  const written = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const { description, default: value, enum: choices, secret } = node.parse(written);
  return { name, description, default: value?.toString(), choices, secret, group };
}

/** Every setting, in the order of its group. */
export function describeSettings(): SettingDescription[] {
  const groups = Object.entries(variableGroups) as [GroupName, Record<string, z.ZodType>][];
  return groups.flatMap(([group, shape]) =>
    Object.entries(shape).map(([name, schema]) => describeVariable(name, schema, group)),
  );
}
