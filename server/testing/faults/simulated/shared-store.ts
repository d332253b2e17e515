import type { Store } from '../../../store/store';
import type { Process } from './process';
import type { StoreFault } from './store-faults';

/** A real store that several simulated processes share, and that outlives each of them. */
export interface SharedStore {
  /**
   * The store as a process sees it: every statement is one of its steps.
   * @param injectedFault says how the statement fails that is about to be sent; undefined where it does not
   */
  openFor(process: Process, injectedFault?: () => StoreFault | undefined): Store;
  /** The store as an onlooker sees it, whom nothing stops. */
  readonly observerStore: Store;
  /** When the next job is due by run time and lease, in epoch ms; null where there is none. */
  nextDue(): Promise<number | null>;
  /** Whether no job is left, except for the one that compares the days and never ends. */
  isIdle(): Promise<boolean>;
  /** How many payments the book has. */
  countCaptures(): Promise<number>;
  /** The token of a job's lease; null where nobody holds it, undefined where there is no such job. */
  leaseOf(kind: string, subjectId: string): Promise<string | null | undefined>;
  /** Called after a statement that touched the jobs. */
  onJobsChanged(listener: () => void): void;
  /** Ends with the statements that are on their way to another program; undefined where there are none. */
  inFlight(): Promise<void> | undefined;
  /** Forgets everything that was written, and every process. */
  empty(): Promise<void>;
  close(): Promise<void> | void;
}
