import { PlatformUnavailable } from '../ports';

const PAGE_SIZE = 100;
/** Fifty thousand rows: more in one day is a mistake, and is not fetched to the end. */
const MAX_PAGES = 500;

interface Page<Item> {
  total: number;
  items: Item[];
}

function areUnique(keys: readonly string[]): boolean {
  return new Set(keys).size === keys.length;
}

/**
 * Every item of a list that comes in pages; undefined where the first page is.
 * @throws PlatformUnavailable unless as many items came as the list says it has, each once: half a list
 * reads like the other half were not there.
 */
export async function fetchAllPages<Item>(
  operation: string,
  keyOf: (item: Item) => string,
  fetchPage: (page: { pageIndex: number; pageSize: number }) => Promise<Page<Item> | undefined>,
): Promise<Item[] | undefined> {
  const items: Item[] = [];
  for (let pageIndex = 1; pageIndex <= MAX_PAGES; pageIndex += 1) {
    const page = await fetchPage({ pageIndex, pageSize: PAGE_SIZE });
    if (page === undefined && pageIndex === 1) return undefined;
    if (page === undefined) break;
    items.push(...page.items);
    if (items.length === page.total && areUnique(items.map(keyOf))) return items;
    if (page.items.length === 0 || items.length >= page.total) break;
  }
  throw new PlatformUnavailable(`shingsou ${operation}: the list is not whole`);
}
