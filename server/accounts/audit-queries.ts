import type { Actor } from '../contract/caller';
import { newId } from '../store/ids';
import type { Store } from '../store/store';

/** What a member of the staff reads or changes. */
export interface AuditEntry {
  action: string;
  /** The id, number or search text that the action is about. */
  subject: string;
}

/** Records an action of the staff. Called before its result is shown or the change is made. */
export async function recordAudit(
  { store, clock }: { store: Store; clock: () => number },
  { auth, requestId }: Actor,
  { action, subject }: AuditEntry,
): Promise<void> {
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
}
