import { z } from 'zod';

type FieldKind = 'text' | 'number' | 'boolean' | 'file' | 'json';

/** A parameter of an operation, as the command line takes it. */
export interface Field {
  name: string;
  kind: FieldKind;
  /** Several of them, by repeating the option or with commas between. */
  isList: boolean;
  /** For people: `text`, `integer`, `1 | 2`, … */
  type: string;
  required: boolean;
  description: string;
  /** It is about a person or a secret: never shown. */
  sensitive: boolean;
  /** The media type of a file. */
  mediaType: string | undefined;
}

/** The parts of JSON Schema that Zod writes for a field. */
const node = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().default(''),
  format: z.string().optional(),
  contentMediaType: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  items: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).default({}),
  required: z.array(z.string()).default([]),
  sensitive: z.boolean().default(false),
});
type Node = z.output<typeof node>;

const request = z.object({
  properties: z.record(z.string(), node).default({}),
  required: z.array(z.string()).default([]),
});

/** The type of a field; of one that may be null, the other. */
function typeOf({ type }: Node): string {
  const types = [type].flat().filter((one) => one !== undefined && one !== 'null');
  return types.length === 1 ? (types[0] ?? 'json') : 'json';
}

function kindOf(field: Node): FieldKind {
  const type = typeOf(field);
  if (type === 'string') return field.format === 'binary' ? 'file' : 'text';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'boolean' : 'json';
}

/** What a piece of JSON looks like: `[{iccid, accessNo?}]`. */
function shapeOf(field: Node): string {
  const item = node.safeParse(field.items).data;
  if (typeOf(field) === 'array' && item) return `[${shapeOf(item)}]`;
  const names = Object.keys(field.properties);
  if (names.length === 0) return typeOf(field);
  const marked = names.map((name) => (field.required.includes(name) ? name : `${name}?`));
  return `{${marked.join(', ')}}`;
}

function typeLabel(field: Node): string {
  if (field.enum) return field.enum.map(String).join(' | ');
  const kind = kindOf(field);
  if (kind === 'file') return '@file';
  if (kind === 'number') return typeOf(field);
  return kind === 'json' ? `json ${shapeOf(field)}` : kind;
}

function readField(name: string, field: Node, required: boolean): Field {
  const { description, sensitive, contentMediaType: mediaType } = field;
  const item = typeOf(field) === 'array' ? node.safeParse(field.items).data : undefined;
  // A list of objects is written as one piece of JSON.
  const isList = item !== undefined && kindOf(item) !== 'json';
  const shown = isList ? item : field;
  const type = isList ? `${typeLabel(item)}, …` : typeLabel(field);
  return { name, kind: kindOf(shown), isList, type, required, description, sensitive, mediaType };
}

/** The parameters of a request, in the order of its schema. */
export function requestFields(schema: z.ZodObject): Field[] {
  const described = request.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  return Object.entries(described.properties).map(([name, field]) =>
    readField(name, field, described.required.includes(name)),
  );
}
