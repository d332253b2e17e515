/** A value kept on the phone between openings. */
export interface StoredValue<Value> {
  read(): Value | undefined;
  write(value: Value): void;
  clear(): void;
}

/** What a stored value needs of the place it is stored in. */
export interface StorageArea {
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, value: unknown): void;
  removeStorageSync(key: string): void;
}

/**
 * A value under one key. A full or forbidden storage is not an error anyone could act upon: reading
 * then finds nothing and writing does nothing.
 * @param isValue recognises the shape this version of the app wrote; anything else is ignored
 */
export function storedValue<Value>(
  key: string,
  isValue: (value: unknown) => value is Value,
  area: StorageArea,
): StoredValue<Value> {
  return {
    read() {
      try {
        const value = area.getStorageSync(key);
        return isValue(value) ? value : undefined;
      } catch {
        return undefined;
      }
    },
    write(value) {
      try {
        area.setStorageSync(key, value);
      } catch {
        // Nothing depends on it having been kept.
      }
    },
    clear() {
      try {
        area.removeStorageSync(key);
      } catch {
        // As above.
      }
    },
  };
}
