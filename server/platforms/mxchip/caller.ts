import type { OperationCaller } from '../platform-operation';
import type { MxchipClient } from './client';
import { operations } from './operations';
import type { Operation } from './operations';

/** Everything 庆科 offers. */
export const mxchipOperations: readonly Operation[] = Object.values(operations);

/** 庆科, for tools that call its operations by name. */
export function createCaller(client: MxchipClient, close: () => Promise<void>): OperationCaller {
  return {
    platform: 'mxchip',
    operations: mxchipOperations,
    async call(id, request) {
      const operation = mxchipOperations.find((each) => each.id === id);
      if (operation === undefined) throw new TypeError(`mxchip has no operation ${id}`);
      const result = await client.perform(operation, request);
      return result.outcome === 'refused' ? { ...result, code: String(result.code) } : result;
    },
    close,
  };
}
