import { createSay } from '../../lib/command-line';

const sayText = createSay(process.env);

/** Picks the text in the terminal's language. */
export function say(zhCn: string, en: string): string {
  return sayText({ 'zh-CN': zhCn, en });
}
