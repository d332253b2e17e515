import type { OperationCaller } from '../platform-operation';
import type { DakashiClient } from './client';
import { errorTexts } from './error-codes';
import { operations } from './operations';
import type { Operation } from './operations';

/** Everything 大卡师 offers. */
export const dakashiOperations: readonly Operation[] = Object.values(operations);

/** 大卡师, for tools that call its operations by name. */
export function createCaller(client: DakashiClient, close: () => Promise<void>): OperationCaller {
  return {
    platform: 'dakashi',
    operations: dakashiOperations,
    async call(id, request) {
      const operation = dakashiOperations.find((each) => each.id === id);
      if (operation === undefined) throw new TypeError(`dakashi has no operation ${id}`);
      const result = await client.perform(operation, request);
      switch (result.outcome) {
        case 'refused':
          return { ...result, code: String(result.code), message: errorTexts[result.code] };
        case 'busy':
          return { outcome: 'refused', code: 'busy', message: result.message };
        case 'done':
        case 'unknown':
          return result;
      }
    },
    close,
  };
}
