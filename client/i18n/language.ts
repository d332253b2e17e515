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
    // WeChat before 8.0.16 does not have it.
    return 'zh-CN';
  }
}

let current: Language | undefined;
const listeners = new Set<() => void>();

/** The language in use: the one chosen, else the system's. */
export function currentLanguage(): Language {
  current ??= stored.read() ?? systemLanguage();
  return current;
}

/** Chooses a language, for this and later openings. */
export function chooseLanguage(language: Language): void {
  current = language;
  stored.write(language);
  for (const listener of listeners) listener();
}

/** Calls back whenever another language is chosen; returns how to stop it. */
export function onLanguageChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What the app says, in the language in use, for use outside components. */
export function currentTexts(): Dictionary {
  return dictionaries[currentLanguage()];
}

/** The language in use, followed as it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(onLanguageChange, currentLanguage, currentLanguage);
}

/** What the app says, in the language in use. */
export function useTexts(): Dictionary {
  return dictionaries[useLanguage()];
}
