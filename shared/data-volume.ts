const MB_PER_GB = 1024;

/** A volume ready to be shown: digits and unit apart, so that they can be set in different sizes. */
export interface FormattedVolume {
  value: string;
  unit: 'MB' | 'GB';
}

/**
 * Makes a volume in MB readable: GB from 1024 MB on, at most two decimals,
 * and never "0" where there is something.
 */
export function formatVolume(megabytes: number): FormattedVolume {
  const inGigabytes = megabytes >= MB_PER_GB;
  const amount = inGigabytes ? megabytes / MB_PER_GB : megabytes;
  // Cut, not rounded: what is left must not look like more than it is.
  const cut = Math.floor(amount * 100) / 100;
  const value = cut === 0 && amount > 0 ? '0.01' : String(cut);
  return { value, unit: inGigabytes ? 'GB' : 'MB' };
}
