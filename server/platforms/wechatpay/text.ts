/** The beginning of a text that fits in so many bytes of UTF-8, cut between characters. */
export function cutToBytes(text: string, bytes: number): string {
  let room = bytes;
  let end = 0;
  for (const character of text) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}
