import type { LocalizedText } from './language';

/** What people and programs are told of an error. */
export interface ErrorKind {
  status: number;
  /** What happened. */
  title: LocalizedText;
  /** What to do about it. */
  detail: LocalizedText;
}
