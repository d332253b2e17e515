import { beijingDateTime } from '@shared/beijing-time';

/** An instant (epoch ms) as API v3 writes it: RFC 3339, Beijing time, whole seconds. */
export function formatPayTime(instant: number): string {
  return `${beijingDateTime(instant).replace(' ', 'T')}+08:00`;
}
