import type { LocalizedText } from './language';

/** An error of the API: its HTTP status, and its texts for people. */
export interface ErrorKind {
  status: number;
  /** What happened. */
  title: LocalizedText;
  /** What to do about it. */
  detail: LocalizedText;
}
