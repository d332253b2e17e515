import { oddElements } from '../elements';
import { PlatformUnavailable } from '../ports';

const PAGE_SIZE = 100;
/** Fifty thousand rows. More than that in one day is an error, so fetching stops. */
const MAX_PAGES = 500;

interface Page<Item> {
  total: number;
  items: Item[];
}

function areUnique(keys: readonly string[]): boolean {
  return new Set(keys).size === keys.length;
}

/**
 * Fetches all pages of a list; undefined if the first page is undefined.
 * @throws PlatformUnavailable unless exactly `total` unique items came, with those that were left out as
 * unreadable: in a partial list, the missing items would look as if they did not exist
 */
export async function fetchAllPages<Item>(
  operation: string,
  keyOf: (item: Item) => string,
  fetchPage: (page: { pageIndex: number; pageSize: number }) => Promise<Page<Item> | undefined>,
): Promise<Item[] | undefined> {
  const items: Item[] = [];
  let omitted = 0;
  for (let pageIndex = 1; pageIndex <= MAX_PAGES; pageIndex += 1) {
    const page = await fetchPage({ pageIndex, pageSize: PAGE_SIZE });
    if (page === undefined && pageIndex === 1) return undefined;
    if (page === undefined) break;
    items.push(...page.items);
    omitted += oddElements(page.items).length;
    const count = items.length + omitted;
    if (count === page.total && areUnique(items.map(keyOf))) return items;
    if (page.items.length === 0 || count >= page.total) break;
  }
  throw new PlatformUnavailable(`shingsou ${operation}: the list is incomplete`);
}
