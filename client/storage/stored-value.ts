/** A value that is kept on the phone between launches. */
export interface StoredValue<Value> {
  read(): Value | undefined;
  write(value: Value): void;
  clear(): void;
}

/** The storage that a value is kept in; has the functions of Taro's synchronous storage. */
export interface StorageArea {
  getStorageSync(key: string): unknown;
  setStorageSync(key: string, value: unknown): void;
  removeStorageSync(key: string): void;
}

/**
 * A value under one key of a storage. If the storage is full or not permitted, the value is kept in memory,
 * so that the app works until it is closed.
 * @param isValue whether a stored value has the format of this version; other values are ignored
 */
export function storedValue<Value>(
  key: string,
  isValue: (value: unknown) => value is Value,
  area: StorageArea,
): StoredValue<Value> {
  let unstored: Value | undefined;
  return {
    read() {
      if (unstored !== undefined) return unstored;
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
        unstored = undefined;
      } catch {
        unstored = value;
      }
    },
    clear() {
      unstored = undefined;
      try {
        area.removeStorageSync(key);
      } catch {
        // What cannot be written cannot be removed either.
      }
    },
  };
}
