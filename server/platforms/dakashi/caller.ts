import { createOperationCaller } from '../platform-operation';
import type { OperationCaller, OperationResult } from '../platform-operation';
import type { CallResult, DakashiClient } from './client';
import { errorTexts } from './error-codes';
import { operations } from './operations';
import type { Operation } from './operations';

/** All operations of 大卡师. */
export const dakashiOperations: readonly Operation[] = Object.values(operations);

function toOperationResult(result: CallResult<unknown>): OperationResult {
  switch (result.outcome) {
    case 'refused':
      return { ...result, code: String(result.code), message: errorTexts[result.code] };
    case 'busy':
      return { outcome: 'refused', code: 'busy', message: result.message };
    case 'done':
    case 'unknown':
      return result;
  }
}

/** Calls 大卡师's operations by id, for tools. */
export function createCaller(client: DakashiClient, close: () => Promise<void>): OperationCaller {
  return createOperationCaller({
    platform: 'dakashi',
    operations: dakashiOperations,
    perform: async (operation, request) =>
      toOperationResult(await client.perform(operation, request)),
    close,
  });
}
