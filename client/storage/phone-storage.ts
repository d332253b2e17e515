import Taro from '@tarojs/taro';
import { storedValue } from '@client/storage/stored-value';
import type { StorageArea, StoredValue } from '@client/storage/stored-value';

/** Calls go through the `Taro` object, because the browser build imports its functions individually. */
const phoneStorage: StorageArea = {
  getStorageSync: (key) => Taro.getStorageSync<unknown>(key),
  setStorageSync: (key, value) => Taro.setStorageSync(key, value),
  removeStorageSync: (key) => Taro.removeStorageSync(key),
};

/** A value that is kept in the phone's storage. */
export function phoneStoredValue<Value>(
  key: string,
  isValue: (value: unknown) => value is Value,
): StoredValue<Value> {
  return storedValue(key, isValue, phoneStorage);
}
