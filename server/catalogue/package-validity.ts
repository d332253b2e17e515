import { endOfBeijingMonth, startOfBeijingMonth } from '@shared/beijing-time';

/** From when to when a package runs, as epoch ms. */
export interface Validity {
  when: 'now' | 'nextMonth';
  from: number;
  until: number;
}

/**
 * When a package bought at `now` would run. Carriers bill by Beijing calendar months: a package of one
 * month that starts at once ends with this month, whenever in it it was bought.
 * @param months how many calendar months it runs, the first included
 */
export function packageValidity(when: Validity['when'], months: number, now: number): Validity {
  const offset = when === 'nextMonth' ? 1 : 0;
  return {
    when,
    from: when === 'nextMonth' ? startOfBeijingMonth(now, 1) : now,
    until: endOfBeijingMonth(now, offset + months - 1),
  };
}
