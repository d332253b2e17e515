import { useSyncExternalStore } from 'react';
import Taro from '@tarojs/taro';
import { languages } from '@shared/language';
import type { Language } from '@shared/language';
import { phoneStoredValue } from '@client/storage/phone-storage';
import type { Dictionary } from './dictionary';
import { en } from './en';
import { zhCn } from './zh-cn';

const dictionaries: Readonly<Record<Language, Dictionary>> = { 'zh-CN': zhCn, en };

const stored = phoneStoredValue('liuka.language', (value): value is Language =>
  languages.some((language) => language === value),
);

function systemLanguage(): Language {
  try {
    return Taro.getAppBaseInfo().language.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
  } catch {
    // WeChat before 8.0.16 does not have this function.
    return 'zh-CN';
  }
}

let current: Language | undefined;
const listeners = new Set<() => void>();

/** The current language: the chosen one, or else the system's. */
export function currentLanguage(): Language {
  current ??= stored.read() ?? systemLanguage();
  return current;
}

/** Sets the language, for this and later launches. */
export function chooseLanguage(language: Language): void {
  current = language;
  stored.write(language);
  for (const listener of listeners) listener();
}

/** Calls `listener` when the language changes. @returns a function that unsubscribes */
export function onLanguageChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The app's texts in the current language, for use outside components. */
export function currentTexts(): Dictionary {
  return dictionaries[currentLanguage()];
}

/** The current language; the component renders again when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(onLanguageChange, currentLanguage, currentLanguage);
}

/** The app's texts in the current language; the component renders again when it changes. */
export function useTexts(): Dictionary {
  return dictionaries[useLanguage()];
}
