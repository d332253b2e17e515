import type { Card } from '@shared/contract';
import type { CardStatusCode } from '@shared/carrier-status';

/** How something is coloured; a word always goes with it. */
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

/** Below this share the figure is worth a second look. */
const LOW_SHARE = 0.1;

/** The tone of what is left: amber when it is nearly gone. */
export function usageTone(share: number): Tone {
  return share < LOW_SHARE ? 'soon' : 'good';
}
