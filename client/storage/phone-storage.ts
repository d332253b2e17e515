import Taro from '@tarojs/taro';
import { storedValue } from '@client/storage/stored-value';
import type { StorageArea, StoredValue } from '@client/storage/stored-value';

/** Called through `Taro` each time: in browsers the build takes its functions one by one. */
const phoneStorage: StorageArea = {
  getStorageSync: (key) => Taro.getStorageSync<unknown>(key),
  setStorageSync: (key, value) => Taro.setStorageSync(key, value),
  removeStorageSync: (key) => Taro.removeStorageSync(key),
};

/** A value kept on this phone under a key. */
export function phoneStoredValue<Value>(
  key: string,
  isValue: (value: unknown) => value is Value,
): StoredValue<Value> {
  return storedValue(key, isValue, phoneStorage);
}
