import { parseJson } from './parse-json';

/** In text that is known to be JSON: strings, and what opens, closes and joins. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/** Whether an object somewhere in a JSON text names a key twice, however the name is escaped. */
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
 * The value a text writes in JSON; undefined where it is none, or where an object names a key twice.
 * RFC 8259 section 4 leaves open which of the two counts: whoever checked the one may act on the other.
 */
export function parseStrictJson(text: string): unknown {
  const value = parseJson(text);
  return value === undefined || hasDuplicateKey(text) ? undefined : value;
}
