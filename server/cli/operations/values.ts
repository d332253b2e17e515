import { basename } from 'node:path';
import type { z } from 'zod';
import type { Field } from './fields';
import { say } from './say';
import { didYouMean } from './suggest';
import { UsageError } from '../../lib/usage-error';

/** Reads a file named by `@path`. @throws if it cannot be read */
export type ReadFile = (path: string) => Buffer;

function fail(field: Field, problem: string): never {
  throw new UsageError(`--${field.name}: ${problem}`);
}

function readAt(field: Field, text: string, readFile: ReadFile): Buffer {
  try {
    return readFile(text.slice(1));
  } catch {
    return fail(field, say('文件读不到', 'the file cannot be read'));
  }
}

function readJson(field: Field, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fail(field, say('不是 JSON', 'is no JSON'));
  }
}

function readOne(field: Field, text: string, readFile: ReadFile): unknown {
  switch (field.kind) {
    case 'text':
      // What is about a person can be kept out of the shell's history.
      return field.sensitive && text.startsWith('@')
        ? readAt(field, text, readFile).toString('utf8').trim()
        : text;
    case 'number':
      return /^-?\d+(?:\.\d+)?$/.test(text)
        ? Number(text)
        : fail(field, say('不是数字', 'is no number'));
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      return fail(field, say('写 true 或 false', 'is true or false'));
    case 'json':
      return readJson(field, text);
    case 'file': {
      if (!text.startsWith('@')) return fail(field, say('写 @文件路径', 'is @path of a file'));
      const bytes = new Uint8Array(readAt(field, text, readFile));
      return new File([bytes], basename(text.slice(1)), { type: field.mediaType ?? '' });
    }
  }
}

function readValue(field: Field, texts: readonly string[], readFile: ReadFile): unknown {
  if (field.isList) {
    const pieces = texts.flatMap((text) => text.split(',')).filter((piece) => piece !== '');
    return pieces.map((piece) => readOne(field, piece.trim(), readFile));
  }
  const [text = ''] = texts;
  return texts.length > 1
    ? fail(field, say('只能给一次', 'is given once'))
    : readOne(field, text, readFile);
}

/**
 * The request that was typed, of the schema's types. Whether it fits is for `checkRequest`.
 * @throws UsageError that names what cannot be read, never its value
 */
export function readRequest(
  fields: readonly Field[],
  values: ReadonlyMap<string, readonly string[]>,
  readFile: ReadFile,
): Record<string, unknown> {
  const names = fields.map(({ name }) => name);
  const unknown = [...values.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(
      `${say('没有参数', 'no such parameter')} --${unknown}${didYouMean(unknown, names)}`,
    );
  }
  return Object.fromEntries(
    fields.flatMap((field) => {
      const texts = values.get(field.name);
      return texts === undefined ? [] : [[field.name, readValue(field, texts, readFile)]];
    }),
  );
}

/** @throws UsageError with everything that does not fit the schema */
export function checkRequest(schema: z.ZodObject, request: Record<string, unknown>): void {
  const result = schema.safeParse(request);
  if (result.success) return;
  const lines = result.error.issues.map(({ path, message }) => {
    const [name = '', ...inner] = path.map(String);
    const where = [name, ...inner].join('.');
    return name in request ? `--${where}: ${message}` : `--${where}: ${say('缺少', 'is missing')}`;
  });
  throw new UsageError(lines.join('\n'));
}
