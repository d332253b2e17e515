import { createOperationCaller } from '../platform-operation';
import type { OperationCaller } from '../platform-operation';
import type { MxchipClient } from './client';
import { operations } from './operations';
import type { Operation } from './operations';

/** All operations of 庆科. */
export const mxchipOperations: readonly Operation[] = Object.values(operations);

/** Calls 庆科's operations by id, for tools. */
export function createCaller(client: MxchipClient, close: () => Promise<void>): OperationCaller {
  return createOperationCaller({
    platform: 'mxchip',
    operations: mxchipOperations,
    async perform(operation, request) {
      const result = await client.perform(operation, request);
      return result.outcome === 'refused' ? { ...result, code: String(result.code) } : result;
    },
    close,
  });
}
