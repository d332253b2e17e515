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
 * A value under one key of a storage. If the storage is full or not permitted, `read` returns undefined
 * and `write` has no effect, because the user could not act on the error.
 * @param isValue whether a stored value has the format of this version; other values are ignored
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
        // The app also works without the stored value.
      }
    },
    clear() {
      try {
        area.removeStorageSync(key);
      } catch {
        // See `write`.
      }
    },
  };
}
