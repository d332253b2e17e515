import type { z } from 'zod';
import type { PlatformOperation } from '../../platform-operation';
import type { Permission } from './permissions';

/**
 * How sure a part of the table is:
 * - FOUND: stated in the vendor's access document or visible in its developer portal's pictures.
 * - INFERRED: follows from what was found by a rule that holds wherever it could be checked, such as
 *   operation id `Xxx-Yyy` <-> path `/{prefix}/Xxx/Yyy`.
 * - ASSUMED: nothing public says it; this is our own definition, and the simulated platform shares it.
 */
export type Certainty = 'FOUND' | 'INFERRED' | 'ASSUMED';

export interface Operation extends PlatformOperation {
  /** The permission the access token must carry (权限码表), or the scope that includes it. */
  readonly permission: Permission;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Sent as multipart/form-data, for it holds a file. */
  readonly multipart?: true;
  /** The `data` of the answer. */
  readonly answer: z.ZodType;
  /** Whether calling it twice does no more than calling it once, so that it may be retried. */
  readonly idempotent: boolean;
  readonly certainty: Readonly<Record<'id' | 'permission' | 'path' | 'fields', Certainty>>;
}

/** Every operation id was found, and no operation's fields; what differs is the rest. */
export function certainty(permission: Certainty, path: Certainty): Operation['certainty'] {
  return { id: 'FOUND', permission, path, fields: 'ASSUMED' };
}

/** An operation that only asks. */
export const readOperation = { method: 'GET', changes: false, idempotent: true } as const;

/** An operation that does something, once each time. */
export const writeOperation = { method: 'POST', changes: true, idempotent: false } as const;

/** An operation that does something, and nothing more when it is called again with the same content. */
export const idempotentWrite = { method: 'POST', changes: true, idempotent: true } as const;
