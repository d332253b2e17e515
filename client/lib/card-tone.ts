import type { Card } from '@shared/contract';
import type { CardStatusCode } from '@shared/carrier-status';

/** How a status is coloured. It is never shown by colour alone. */
export type Tone = 'good' | 'soon' | 'stopped' | 'neutral';

const tones: Readonly<Record<CardStatusCode, Tone>> = {
  active: 'good',
  testing: 'good',
  pendingActivation: 'neutral',
  inventory: 'neutral',
  suspended: 'stopped',
  arrears: 'stopped',
  violation: 'stopped',
  lost: 'stopped',
  dormant: 'soon',
  transferred: 'neutral',
  preCancelled: 'soon',
  cancelled: 'stopped',
  notFound: 'stopped',
  unknown: 'neutral',
};

/** The tone of a card's status. */
export function statusTone(status: Card['status']): Tone {
  return tones[status.code];
}

/** Below this share the remaining data counts as low. */
const LOW_SHARE = 0.1;

/** The tone of the remaining data: amber if it is low. */
export function usageTone(share: number): Tone {
  return share < LOW_SHARE ? 'soon' : 'good';
}
