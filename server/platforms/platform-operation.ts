import type { z } from 'zod';

/** An operation of a platform, as its folder declares it, for tools that call operations by id. */
export interface PlatformOperation {
  /** The name in the platform's own documents. */
  readonly id: string;
  /** What it does, in the platform's own words. */
  readonly title: string;
  /** Whether it changes anything at the platform. If so, a tool asks for confirmation. */
  readonly changes: boolean;
  readonly request: z.ZodObject;
}

/** The result of an operation called by id. */
export type OperationResult =
  | { outcome: 'done'; data: unknown }
  | { outcome: 'refused'; code: string; message: string }
  /** No usable answer came. Whether the operation had any effect must be queried. */
  | { outcome: 'unknown'; message: string };

/** Calls any operation of a platform by its id, for tools. */
export interface OperationCaller {
  readonly platform: string;
  readonly operations: readonly PlatformOperation[];
  /** @throws TypeError if there is no such operation, or the request does not match its schema */
  call(id: string, request: unknown): Promise<OperationResult>;
  /** Aborts calls in flight and closes every connection. */
  close(): Promise<void>;
}

/** @param perform calls an operation and describes its result in the words of no platform */
export function createOperationCaller<Operation extends PlatformOperation>({
  platform,
  operations,
  perform,
  close,
}: {
  platform: string;
  operations: readonly Operation[];
  perform: (operation: Operation, request: unknown) => Promise<OperationResult>;
  close: () => Promise<void>;
}): OperationCaller {
  return {
    platform,
    operations,
    async call(id, request) {
      const operation = operations.find((each) => each.id === id);
      if (operation === undefined) throw new TypeError(`${platform} has no operation ${id}`);
      return perform(operation, request);
    },
    close,
  };
}
