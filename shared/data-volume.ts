const MB_PER_GB = 1024;

/** A formatted volume. Value and unit are separate, so that they can be shown in different sizes. */
export interface FormattedVolume {
  value: string;
  unit: 'MB' | 'GB';
}

/**
 * Formats a volume in MB: in GB from 1024 MB on, with at most two decimals. A volume above zero is never
 * shown as "0".
 */
export function formatVolume(megabytes: number): FormattedVolume {
  const inGigabytes = megabytes >= MB_PER_GB;
  const amount = inGigabytes ? megabytes / MB_PER_GB : megabytes;
  // Truncated instead of rounded, so that the remaining data is never overstated.
  const cut = Math.floor(amount * 100) / 100;
  const value = cut === 0 && amount > 0 ? '0.01' : String(cut);
  return { value, unit: inGigabytes ? 'GB' : 'MB' };
}
