import Taro from '@tarojs/taro';
import { storedValue } from '@client/storage/stored-value';
import type { StorageArea, StoredValue } from '@client/storage/stored-value';

let isFailing = false;

function noteFailure<Result>(call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    noteStorageFailure();
    throw error;
  }
}

/** Calls go through the `Taro` object, because the browser build imports its functions individually. */
const phoneStorage: StorageArea = {
  getStorageSync: (key) => noteFailure(() => Taro.getStorageSync<unknown>(key)),
  setStorageSync: (key, value) => noteFailure(() => Taro.setStorageSync(key, value)),
  removeStorageSync: (key) => noteFailure(() => Taro.removeStorageSync(key)),
};

/** The phone refuses to store anything. */
export function noteStorageFailure(): void {
  isFailing = true;
}

/** Whether the phone has refused to store something: its storage is full, or blocked in this browser. */
export function isStorageFailing(): boolean {
  return isFailing;
}

/** A value that is kept in the phone's storage. */
export function phoneStoredValue<Value>(
  key: string,
  isValue: (value: unknown) => value is Value,
): StoredValue<Value> {
  return storedValue(key, isValue, phoneStorage);
}
