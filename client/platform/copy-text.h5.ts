import type { CopyText } from './ports';

/** The older way, for pages without HTTPS. @throws Error if the browser refuses */
function copySelection(text: string): void {
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- pages without HTTPS have nothing else
  const isCopied = document.execCommand('copy');
  field.remove();
  if (!isCopied) throw new Error('the browser refused to copy');
}

/** Copies in the browser. Taro's own function reports success even if the browser refuses. */
export const copyText: CopyText = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copySelection(text);
  }
};
