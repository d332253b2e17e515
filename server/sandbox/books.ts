/** Something that is told of every item of a list, to find them by. */
interface Index<Item> {
  note(item: Item): void;
}

/** Finds one item by a key; of two with the same key, the later one. */
export interface Lookup<Item> extends Index<Item> {
  find(key: string): Item | undefined;
  forget(item: Item): void;
}

/** Finds all items that share a key. */
export interface Groups<Item> extends Index<Item> {
  of(key: string): readonly Item[];
}

/** A list of the state with a way to find its items at once. */
export interface Book<Item> {
  readonly all: readonly Item[];
  find(key: string): Item | undefined;
  add(item: Item): void;
}

type KeyOf<Item> = (item: Item) => string;

export function createLookup<Item>(...keysOf: KeyOf<Item>[]): Lookup<Item> {
  const found = new Map<string, Item>();
  return {
    find: (key) => found.get(key),
    note(item) {
      for (const keyOf of keysOf) found.set(keyOf(item), item);
    },
    forget(item) {
      for (const keyOf of keysOf) found.delete(keyOf(item));
    },
  };
}

export function createGroups<Item>(keyOf: KeyOf<Item>): Groups<Item> {
  const groups = new Map<string, Item[]>();
  return {
    of: (key) => groups.get(key) ?? [],
    note(item) {
      const key = keyOf(item);
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    },
  };
}

/** Puts a list of the state and its indexes together; the list itself grows with `add`. */
export function createBook<Item>(
  items: Item[],
  lookup: Lookup<Item>,
  ...others: Index<Item>[]
): Book<Item> {
  const indexes = [lookup, ...others];
  const note = (item: Item) => {
    for (const index of indexes) index.note(item);
  };
  items.forEach(note);
  return {
    all: items,
    find: lookup.find,
    add(item) {
      items.push(item);
      note(item);
    },
  };
}
