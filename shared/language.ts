/** The languages people can read Liuka in; the first is the default. */
export const languages = ['zh-CN', 'en'] as const;
export type Language = (typeof languages)[number];

/** One sentence in every language. */
export type LocalizedText = Readonly<Record<Language, string>>;

/** Picks a language from an `Accept-Language` header: the first listed that is known, else zh-CN. */
export function negotiateLanguage(header: string | undefined): Language {
  for (const part of (header ?? '').split(',')) {
    const tag = part.trim().toLowerCase();
    if (tag.startsWith('zh')) return 'zh-CN';
    if (tag.startsWith('en')) return 'en';
  }
  return 'zh-CN';
}
