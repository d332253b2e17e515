/** Truncates a text to a number of bytes in UTF-8, without splitting a character. */
function truncateToBytes(text: string, bytes: number): string {
  let remaining = bytes;
  let end = 0;
  for (const character of text) {
    remaining -= Buffer.byteLength(character);
    if (remaining < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/**
 * A text for a payment or refund as it can stand in WeChat Pay's bill, whose values are not quoted: without
 * commas, quotes, backticks, line breaks and invisible characters.
 * @param bytes the most that the field takes, in UTF-8
 */
export function billableText(text: string, bytes: number): string {
  const plain = text.replace(/[\p{C}\p{Zl}\p{Zp}\s,"'`]+/gu, ' ').trim();
  return truncateToBytes(plain, bytes).trimEnd();
}
