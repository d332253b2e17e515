import type { Text } from './language';

/** What people and programs are told of an error. */
export interface ErrorKind {
  status: number;
  /** What happened. */
  title: Text;
  /** What to do about it. */
  detail: Text;
}
