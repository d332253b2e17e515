import { attemptCallback } from './callbacks';
import { endState } from './card-states';
import type { Office } from './office';
import { beginRecharge, endRecharge } from './recharges';
import type { DakashiEvent } from './state';

/** What becomes of a due event. */
export async function actOnDakashi(office: Office, event: DakashiEvent): Promise<void> {
  const { what, id, at } = event;
  switch (what) {
    case 'orderBegins':
      beginRecharge(office, id);
      break;
    case 'orderEnds':
      endRecharge(office, id, at);
      break;
    case 'stateEnds':
      endState(office, id, at);
      break;
    case 'callback':
    case 'callbackCopy':
      await attemptCallback(office, { id, at, isCopy: what === 'callbackCopy' });
  }
}
