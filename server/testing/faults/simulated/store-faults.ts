import { StoreUnavailable } from '../../../store/store';

/** How a statement fails: it is not done, or it is done and nobody hears of it. */
export type StoreFault = 'storeDown' | 'storeSilent';

/** Whether a transaction was begun for nobody is the same as that it was not: its connection is given up. */
export function faultOfBegin(injectedFault: StoreFault | undefined): StoreFault | undefined {
  return injectedFault && 'storeDown';
}

/**
 * Has a statement done as it befalls it.
 * @param injectedFault undefined where nothing goes wrong
 * @throws StoreUnavailable, as the product's own drivers do for both
 */
export async function executeWithFault<Answer>(
  injectedFault: StoreFault | undefined,
  statement: () => Promise<Answer>,
): Promise<Answer> {
  if (injectedFault === 'storeDown') throw new StoreUnavailable('simulated: not done');
  const answer = await statement();
  if (injectedFault === 'storeSilent') throw new StoreUnavailable('simulated: the answer is lost');
  return answer;
}
