import type { z } from 'zod';

/** One thing a platform offers, as its folder declares it: for tools that call it by name. */
export interface PlatformOperation {
  /** As the platform's own documents name it. */
  readonly id: string;
  /** What it does, in the platform's own words. */
  readonly title: string;
  /** Whether it changes anything there: a tool asks before it does. */
  readonly changes: boolean;
  readonly request: z.ZodObject;
}

/** What came of an operation called by name. */
export type OperationResult =
  | { outcome: 'done'; data: unknown }
  | { outcome: 'refused'; code: string; message: string }
  /** No usable answer: what came of it, if anything, has to be asked. */
  | { outcome: 'unknown'; message: string };

/** A platform with everything it offers, for tools. */
export interface OperationCaller {
  readonly platform: string;
  readonly operations: readonly PlatformOperation[];
  /** @throws TypeError if there is no such operation, or the request does not fit it */
  call(id: string, request: unknown): Promise<OperationResult>;
  /** Lets go of every connection. */
  close(): Promise<void>;
}
