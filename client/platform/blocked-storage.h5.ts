import { noteStorageFailure } from '@client/storage/phone-storage';

/** Storage that lasts until the window is closed. */
function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    get length() {
      return values.size;
    },
    key: (index) => Array.from(values.keys())[index] ?? null,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => {
      values.set(key, value);
    },
    removeItem: (key) => {
      values.delete(key);
    },
    clear: () => {
      values.clear();
    },
  };
}

/**
 * In a browser that blocks storage, reading `localStorage` or `sessionStorage` throws, and Taro, which reads
 * them, shows nothing. They are replaced by storage in memory.
 */
export function replaceBlockedStorage(): void {
  for (const name of ['localStorage', 'sessionStorage'] as const) {
    try {
      window[name].getItem('');
    } catch {
      noteStorageFailure();
      Object.defineProperty(window, name, { value: memoryStorage(), configurable: true });
    }
  }
}
