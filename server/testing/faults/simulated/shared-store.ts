import type { Store } from '../../../store/store';
import type { Process } from './process';
import type { StoreFault } from './store-faults';

/** A real store that several simulated processes share, and that outlives each of them. */
export interface SharedStore {
  /**
   * The store as a process sees it: every statement is one of its steps.
   * @param injectedFault draws the fault of the next statement; undefined for none
   */
  openFor(process: Process, injectedFault?: () => StoreFault | undefined): Store;
  /** The store without a process around it: never faulty, never killed. */
  readonly observerStore: Store;
  /** When the next job is due by run time and lease, in epoch ms; null where there is none. */
  nextDue(): Promise<number | null>;
  /** Whether no job is left besides the periodic reconciliation. */
  isIdle(): Promise<boolean>;
  /** The number of recorded captures. */
  countCaptures(): Promise<number>;
  /** The lease token of a job; null if it is not leased, undefined if there is no such job. */
  leaseOf(kind: string, subjectId: string): Promise<string | null | undefined>;
  /** Called after a statement that touched the jobs. */
  onJobsChanged(listener: () => void): void;
  /** Resolves when the statements in flight to a server have ended; undefined where there are none. */
  inFlight(): Promise<void> | undefined;
  /** Deletes all rows and forgets all processes. */
  empty(): Promise<void>;
  close(): Promise<void> | void;
}
