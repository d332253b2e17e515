import { attemptCallback } from './callbacks';
import { completeStateChange } from './card-states';
import type { DakashiSimulator } from './simulator';
import { startRecharge, completeRecharge } from './recharges';
import type { DakashiEvent } from './state';

/** Handles a due event. */
export async function handleDakashiEvent(
  dakashi: DakashiSimulator,
  event: DakashiEvent,
): Promise<void> {
  const { what, id, at } = event;
  switch (what) {
    case 'orderBegins':
      startRecharge(dakashi, id);
      break;
    case 'orderEnds':
      completeRecharge(dakashi, id, at);
      break;
    case 'stateEnds':
      completeStateChange(dakashi, id, at);
      break;
    case 'callback':
    case 'callbackCopy':
      await attemptCallback(dakashi, { id, at, isCopy: what === 'callbackCopy' });
  }
}
