import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { shingsouNumber } from '../ids';
import { categories } from '../seed/products';
import type { SimCard } from '../state';
import type { Simulator } from '../simulator';
import type { Reply } from './reply';

const carriers = { 移动: 'mobile', 电信: 'telecom', 联通: 'unicom' } as const;

/** Each carrier's status code of a card that was never in a device (卡状态表). */
const newCodes: Readonly<Record<SimCard['carrier'], string>> = {
  mobile: '7',
  telecom: '19',
  unicom: '6',
};

/** Of the mainland, Hong Kong, Macau and Taiwan: ASSUMED to be what the platform accepts. */
const ICCID = /^89(?:86[01]|852|853|886)[0-9A-F]{14,15}$/;

export const importRequest = {
  operator: z.enum(['移动', '电信', '联通']),
  categoryId: z.string().optional(),
  cards: z
    .array(z.object({ iccid: z.string().max(32), accessNo: z.string().max(32).optional() }))
    .min(1)
    .max(1000),
};
type ImportRequest = z.output<z.ZodObject<typeof importRequest>>;

/** Assigns an access number to a card that is imported without one. */
function newAccessNumber(simulator: Simulator): string {
  for (;;) {
    const number = `14${String(randomInt(1e11)).padStart(11, '0')}`;
    if (!simulator.cards.find(number)) return number;
  }
}

function newCard(iccid: string, accessNumber: string, carrier: SimCard['carrier'], now: number) {
  return {
    iccid,
    accessNumber,
    carrier,
    carrierCode: newCodes[carrier],
    realName: 0,
    expiresAt: null,
    stoppedForVolume: false,
    categoryIds: categories.filter((one) => one.carrier === carrier).map(({ id }) => id),
    packages: [],
    countedAt: now,
  } satisfies SimCard;
}

/** 导卡: imports the valid cards, and returns the others with the reason. */
export function importCards(
  simulator: Simulator,
  { operator, categoryId, cards }: ImportRequest,
): Reply {
  const failed: { cardNo: string; reason: string }[] = [];
  const { notes, imports } = simulator.state.shingsou;
  for (const { iccid, accessNo } of cards) {
    const number = iccid.toUpperCase();
    if (!ICCID.test(number)) failed.push({ cardNo: iccid, reason: 'ICCID 格式不正确' });
    else if (simulator.cards.find(number) ?? (accessNo && simulator.cards.find(accessNo))) {
      failed.push({ cardNo: iccid, reason: '卡号已存在' });
    } else {
      const access = accessNo ?? newAccessNumber(simulator);
      simulator.cards.add(newCard(number, access, carriers[operator], simulator.now()));
      const none = { remark: null, tags: [], consignee: null };
      if (categoryId !== undefined) notes[number] = { ...none, categoryId };
    }
  }
  const importNo = shingsouNumber('DK', simulator.now());
  const count = cards.length - failed.length;
  imports.push({ importNo, count, failedCount: failed.length, createdAt: simulator.now() });
  return { data: { importNo, count, failed } };
}
