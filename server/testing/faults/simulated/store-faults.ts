import { StoreUnavailable } from '../../../store/store';

/** How a statement fails: it is not executed, or it is executed and the response is lost. */
export type StoreFault = 'storeDown' | 'storeSilent';

/** For BEGIN both faults are the same: the connection is dropped, and with it the transaction. */
export function faultOfBegin(injectedFault: StoreFault | undefined): StoreFault | undefined {
  return injectedFault && 'storeDown';
}

/**
 * Executes a statement under a fault, or normally where it is undefined.
 * @throws StoreUnavailable under either fault, as the real drivers do
 */
export async function executeWithFault<Answer>(
  injectedFault: StoreFault | undefined,
  statement: () => Promise<Answer>,
): Promise<Answer> {
  if (injectedFault === 'storeDown') throw new StoreUnavailable('simulated: not executed');
  const answer = await statement();
  if (injectedFault === 'storeSilent')
    throw new StoreUnavailable('simulated: the response is lost');
  return answer;
}
