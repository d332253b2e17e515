import { parseJson } from './parse-json';

/** The tokens of a valid JSON text that matter for finding keys. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/** Whether any object in a valid JSON text has a duplicate key, however the key is escaped. */
function hasDuplicateKey(json: string): boolean {
  const openKeys: Set<unknown>[] = [];
  let text: string | undefined;
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') openKeys.push(new Set());
    else if (token === '}' || token === ']') openKeys.pop();
    else if (token === ':' && text !== undefined) {
      const keys = openKeys.at(-1);
      const key = parseJson(text);
      if (keys?.has(key)) return true;
      keys?.add(key);
    }
    text = token.startsWith('"') ? token : undefined;
  }
  return false;
}

/**
 * The value of a JSON text; undefined if it is invalid, or an object in it has a duplicate key. RFC 8259
 * section 4 leaves open which value counts, so two parsers could read different values from the same text.
 */
export function parseStrictJson(text: string): unknown {
  const value = parseJson(text);
  return value === undefined || hasDuplicateKey(text) ? undefined : value;
}
