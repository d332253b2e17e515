/** An index over the items of a list. */
interface Index<Item> {
  add(item: Item): void;
}

/** Finds one item by a key; of two with the same key, the later one. */
export interface KeyIndex<Item> extends Index<Item> {
  find(key: string): Item | undefined;
  remove(item: Item): void;
}

/** Finds all items that share a key. */
export interface GroupIndex<Item> extends Index<Item> {
  get(key: string): readonly Item[];
}

/** A list of the state with an index of its items. */
export interface IndexedList<Item> {
  readonly all: readonly Item[];
  find(key: string): Item | undefined;
  add(item: Item): void;
}

type KeyOf<Item> = (item: Item) => string;

export function createKeyIndex<Item>(...keysOf: KeyOf<Item>[]): KeyIndex<Item> {
  const itemsByKey = new Map<string, Item>();
  return {
    find: (key) => itemsByKey.get(key),
    add(item) {
      for (const keyOf of keysOf) itemsByKey.set(keyOf(item), item);
    },
    remove(item) {
      for (const keyOf of keysOf) itemsByKey.delete(keyOf(item));
    },
  };
}

export function createGroupIndex<Item>(keyOf: KeyOf<Item>): GroupIndex<Item> {
  const groups = new Map<string, Item[]>();
  return {
    get: (key) => groups.get(key) ?? [],
    add(item) {
      const key = keyOf(item);
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    },
  };
}

/** Combines a list of the state with indexes; `add` appends to the list itself. */
export function createIndexedList<Item>(
  items: Item[],
  lookup: KeyIndex<Item>,
  ...others: Index<Item>[]
): IndexedList<Item> {
  const indexes = [lookup, ...others];
  const addToIndexes = (item: Item) => {
    for (const index of indexes) index.add(item);
  };
  items.forEach(addToIndexes);
  return {
    all: items,
    find: lookup.find,
    add(item) {
      items.push(item);
      addToIndexes(item);
    },
  };
}
