import type { z } from 'zod';
import type { PlatformOperation } from '../../platform-operation';
import type { Permission } from './permissions';

/**
 * How certain a part of the table is:
 * - FOUND: stated in the vendor's access document, or visible in the screenshots of its developer portal.
 * - INFERRED: follows from what was found, by a rule that holds wherever it could be checked, such as
 *   operation id `Xxx-Yyy` <-> path `/{prefix}/Xxx/Yyy`.
 * - ASSUMED: not public. This is our own definition, which the simulated platform shares.
 */
export type Certainty = 'FOUND' | 'INFERRED' | 'ASSUMED';

export interface Operation extends PlatformOperation {
  /** The permission the access token must carry (权限码表), or the scope that includes it. */
  readonly permission: Permission;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Sent as multipart/form-data, because the request holds a file. */
  readonly multipart?: true;
  /** The `data` of the answer. */
  readonly answer: z.ZodType;
  /** Whether it may be retried: calling it twice has the same effect as calling it once. */
  readonly idempotent: boolean;
  readonly certainty: Readonly<Record<'id' | 'permission' | 'path' | 'fields', Certainty>>;
}

/** All operation ids are FOUND, and all fields ASSUMED. Permission and path differ. */
export function certainty(permission: Certainty, path: Certainty): Operation['certainty'] {
  return { id: 'FOUND', permission, path, fields: 'ASSUMED' };
}

/** An operation that changes nothing. */
export const readOperation = { method: 'GET', changes: false, idempotent: true } as const;

/** An operation that changes something each time it is called. */
export const writeOperation = { method: 'POST', changes: true, idempotent: false } as const;

/** An operation that changes something, but nothing more if it is called again with the same content. */
export const idempotentWrite = { method: 'POST', changes: true, idempotent: true } as const;
