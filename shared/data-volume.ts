import { divideDecimal, formatDecimal, parseDecimal } from './decimal';
import type { Decimal } from './decimal';

const MB_PER_GB = 1024;
const DECIMALS = 2;
const SMALLEST_SHOWN = 0.01;
/** A thousand terabytes. A larger volume is an error of the platform. */
export const MAX_MB = 1e9;

/** A formatted volume. Value and unit are separate, so that they can be shown in different sizes. */
export interface FormattedVolume {
  value: string;
  unit: 'MB' | 'GB';
}

/**
 * `down` cuts off what is shown to the customer as left, so that it is never overstated. `nearest` shows a
 * total or the volume of a package.
 */
export type VolumeRounding = 'down' | 'nearest';

/**
 * Parses a volume in MB as platforms write it, in a text or as a JSON number. The result is the number
 * nearest to the decimal, which JSON and `formatVolume` turn into the same decimal again.
 * @returns undefined if it is not a decimal, or beyond a thousand terabytes
 */
export function parseMegabytes(value: string | number): number | undefined {
  const decimal = parseDecimal(value);
  const megabytes = decimal && Number(formatDecimal(decimal));
  return megabytes !== undefined && Math.abs(megabytes) <= MAX_MB ? megabytes : undefined;
}

function roundQuotient(volume: Decimal, divisor: number, rounding: VolumeRounding): Decimal {
  if (rounding === 'down') return divideDecimal(volume, divisor, DECIMALS);
  const { whole, fraction } = divideDecimal(volume, divisor, DECIMALS + 1);
  // Hundredths of any volume are small integers, so this addition is exact.
  const thousandths = Number(whole + fraction.padEnd(DECIMALS + 1, '0'));
  return parseDecimal(`${String(Math.floor((thousandths + 5) / 10))}e-2`) ?? volume;
}

/**
 * Formats a volume in MB: in GB from 1024 MB on, with at most two decimals. The decimal that the number was
 * written as is divided, not the number. A volume above zero is never shown as "0".
 */
export function formatVolume(
  megabytes: number,
  rounding: VolumeRounding = 'down',
): FormattedVolume {
  if (megabytes > 0 && megabytes < SMALLEST_SHOWN) return { value: '0.01', unit: 'MB' };
  const volume = parseDecimal(megabytes);
  if (!volume || volume.isNegative) return { value: '0', unit: 'MB' };
  const inMegabytes = roundQuotient(volume, 1, rounding);
  const inGigabytes = Number(inMegabytes.whole) >= MB_PER_GB;
  const shown = inGigabytes ? roundQuotient(volume, MB_PER_GB, rounding) : inMegabytes;
  return { value: formatDecimal(shown), unit: inGigabytes ? 'GB' : 'MB' };
}
