import { StoreUnavailable } from '../../store/store';

/** How a statement fails: it is not done, or it is done and nobody hears of it. */
export type StoreMishap = 'storeDown' | 'storeSilent';

/** Whether a transaction was begun for nobody is the same as that it was not: its connection is given up. */
export function failedBegin(mishap: StoreMishap | undefined): StoreMishap | undefined {
  return mishap && 'storeDown';
}

/**
 * Has a statement done as it befalls it.
 * @param mishap undefined where nothing goes wrong
 * @throws StoreUnavailable, as the product's own drivers do for both
 */
export async function endure<Answer>(
  mishap: StoreMishap | undefined,
  statement: () => Promise<Answer>,
): Promise<Answer> {
  if (mishap === 'storeDown') throw new StoreUnavailable('simulated: not done');
  const answer = await statement();
  if (mishap === 'storeSilent') throw new StoreUnavailable('simulated: the answer is lost');
  return answer;
}
