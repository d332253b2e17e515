import { negotiateLanguage } from './language';

test.each([
  [undefined, 'zh-CN'],
  ['', 'zh-CN'],
  ['en', 'en'],
  ['EN-us', 'en'],
  ['zh-TW,en', 'zh-CN'],
  ['fr,en;q=0.3', 'en'],
  ['fr,de', 'zh-CN'],
  [' en-GB ; q=0.9 , zh', 'en'],
])('%p selects %s', (header, language) => {
  expect(negotiateLanguage(header)).toBe(language);
});
