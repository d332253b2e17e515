/** Truncates a text to a number of bytes in UTF-8, without splitting a character. */
export function truncateToBytes(text: string, bytes: number): string {
  let remaining = bytes;
  let end = 0;
  for (const character of text) {
    remaining -= Buffer.byteLength(character);
    if (remaining < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}
