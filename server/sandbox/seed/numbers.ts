import { carrierSettlementDays, LAST_DAY_OF_MONTH } from '@shared/billing-month';
import type { SettlementDay } from '@shared/billing-month';
import type { SimCard } from '../state';
import type { Prng } from './prng';

type Carrier = SimCard['carrier'];

/** The first six characters of ICCIDs by carrier. */
const issuers: Readonly<Record<Carrier, readonly [string, ...string[]]>> = {
  mobile: ['898600', '898602', '898604', '898607'],
  unicom: ['898601', '898606', '898609'],
  telecom: ['898603', '898611'],
};

/** The settlement day of the carrier that issued a card. */
export function settlementDayOf(iccid: string): SettlementDay {
  const carriers = Object.keys(issuers) as Carrier[];
  const carrier = carriers.find((each) => issuers[each].includes(iccid.slice(0, 6)));
  return carrier === undefined ? LAST_DAY_OF_MONTH : carrierSettlementDays[carrier];
}

/** The prefixes of IoT access numbers: 13 digits, or 11 for the oldest cards. */
const accessRanges: Readonly<Record<Carrier, readonly [string, ...string[]]>> = {
  mobile: ['106480', '106482', '106484'],
  unicom: ['106460', '146000'],
  telecom: ['106490', '141000'],
};

const SUFFIX_LENGTH = 10;

/** Generates unique numbers. The last ten characters of ICCIDs are unique too, except for twins. */
export interface NumberGenerator {
  iccid(carrier: Carrier, length: 19 | 20, withLetter: boolean): string;
  /** Another carrier's ICCID with the same last ten characters. */
  twinOf(iccid: string, carrier: Carrier): string;
  accessNumber(carrier: Carrier, length: 11 | 13): string;
}

export function createNumberGenerator(prng: Prng): NumberGenerator {
  const used = new Set<string>();

  function unused(make: () => string, keyOf: (made: string) => string): string {
    for (;;) {
      const made = make();
      if (used.has(keyOf(made))) continue;
      used.add(keyOf(made));
      return made;
    }
  }

  function head(carrier: Carrier, length: number, withLetter: boolean): string {
    const seventh = withLetter ? prng.pick(['A', 'B', 'C', 'D', 'E']) : prng.digits(1);
    return `${prng.pick(issuers[carrier])}${seventh}${prng.digits(length - SUFFIX_LENGTH - 7)}`;
  }

  return {
    iccid: (carrier, length, withLetter) =>
      unused(
        () => `${head(carrier, length, withLetter)}${prng.digits(SUFFIX_LENGTH)}`,
        (made) => made.slice(-SUFFIX_LENGTH),
      ),
    twinOf: (iccid, carrier) => `${head(carrier, 20, false)}${iccid.slice(-SUFFIX_LENGTH)}`,
    accessNumber: (carrier, length) =>
      unused(
        () => {
          const range = prng.pick(accessRanges[carrier]);
          return `${range}${prng.digits(length - range.length)}`;
        },
        (made) => made,
      ),
  };
}
