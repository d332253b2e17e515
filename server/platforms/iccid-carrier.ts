import type { Carrier } from '@shared/carrier-status';

/**
 * Issuer prefixes of ICCIDs in mainland China. 898611 for 电信 is in common use, but no document of the
 * carrier was found that confirms it.
 */
const iccidPrefixes: Readonly<Record<string, Carrier>> = {
  '898600': 'mobile',
  '898602': 'mobile',
  '898604': 'mobile',
  '898607': 'mobile',
  '898601': 'unicom',
  '898606': 'unicom',
  '898609': 'unicom',
  '898603': 'telecom',
  '898611': 'telecom',
};

/** The carrier that issued a card, from its full ICCID. */
export function carrierOfIccid(iccid: string): Carrier {
  return iccidPrefixes[iccid.slice(0, 6)] ?? 'unknown';
}
