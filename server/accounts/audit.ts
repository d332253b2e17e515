import type { Actor } from '../contract/caller';
import type { StaffRole } from '@shared/contract';
import { ApiError } from '../lib/api-error';
import { newId } from '../store/ids';
import type { Store } from '../store/store';

/** Writes down who looked at or did what, before it is shown or done. */
export type Audit = (actor: Actor, action: string, subject: string) => Promise<void>;

export function createAudit({ store, clock }: { store: Store; clock: () => number }): Audit {
  return async ({ auth, requestId }, action, subject) => {
    await store
      .insertInto('audit')
      .values({
        id: newId(),
        at: clock(),
        staff_id: auth.staffId,
        action,
        subject,
        request_id: requestId,
      })
      .execute();
  };
}

const ranks: Readonly<Record<StaffRole, number>> = { agent: 0, supervisor: 1, admin: 2 };

/** @throws ApiError `staff.forbidden` for those of a lower role */
export function requireRole({ auth }: Actor, role: StaffRole): void {
  if (ranks[auth.role] < ranks[role]) throw new ApiError('staff.forbidden');
}
