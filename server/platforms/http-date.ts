/**
 * The instant of a Date header (RFC 9110, section 6.6.1), in epoch ms.
 * @returns null without a valid one
 */
export function readHttpDate(date: string | undefined): number | null {
  const instant = Date.parse(date ?? '');
  return Number.isNaN(instant) ? null : instant;
}
