import { UsageError } from '../lib/usage-error';

/** Settings are wrong. `faults` names all of them, so that all can be corrected at once; never a value. */
export class SettingsError extends UsageError {
  override readonly name = 'SettingsError';
  constructor(readonly faults: readonly string[]) {
    super(`the settings are not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** What is wrong with one variable. */
export interface Fault {
  /** The variable, without `_FILE`. */
  variable: string;
  /** A line for people. Values never appear in it: they may be secrets. */
  message: string;
}
