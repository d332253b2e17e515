/** The beginning of a text that fits in so many bytes of UTF-8, cut between characters. */
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
