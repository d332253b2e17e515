import { endOfBeijingMonth, startOfBeijingMonth } from '@shared/beijing-time';

/** The period in which a package is valid, in epoch ms. */
export interface Validity {
  when: 'now' | 'nextMonth';
  from: number;
  until: number;
}

/**
 * The period in which a package bought at `now` would be valid. Carriers bill by Beijing calendar months:
 * a package of one month that starts now ends with this month, on whichever day it was bought.
 * @param months the number of calendar months, including the first
 * @param now epoch ms
 */
export function packageValidity(when: Validity['when'], months: number, now: number): Validity {
  const offset = when === 'nextMonth' ? 1 : 0;
  return {
    when,
    from: when === 'nextMonth' ? startOfBeijingMonth(now, 1) : now,
    until: endOfBeijingMonth(now, offset + months - 1),
  };
}
