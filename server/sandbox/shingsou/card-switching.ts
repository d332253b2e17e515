import { readCardStatus } from '@shared/carrier-status';
import { activeCodes } from '../seed/plans';
import type { SimCard } from '../state';
import type { Simulator } from '../simulator';
import { errorReply, type Reply } from './reply';

/** How long a carrier takes to stop or resume a card, in sandbox time. */
const SWITCH_DURATION_MS = 5000;

/** Each carrier's status code of a card that was stopped on request (卡状态表). */
const stoppedCodes: Readonly<Record<SimCard['carrier'], string>> = {
  mobile: '2',
  telecom: '2',
  unicom: '2',
};

/** The network state of a card that is being switched: 正在停机 and 正在复机, with 大卡师's numbers. */
export const networkStates = { stop: 3, resume: 4 } as const;

type Direction = keyof typeof networkStates;

function refusalReason(
  simulator: Simulator,
  card: SimCard,
  direction: Direction,
): string | undefined {
  if (simulator.state.shingsou.switching[card.iccid]) return '停复机处理中，请勿重复操作';
  const { code } = readCardStatus(card.carrier, card.carrierCode);
  if (direction === 'stop') {
    return code === 'active' || code === 'testing' ? undefined : '卡片当前状态不能停机';
  }
  if (card.stoppedForVolume) return '流量已用尽，充值后自动复机';
  const isStopped = card.carrierCode === stoppedCodes[card.carrier];
  return isStopped ? undefined : '卡片当前状态不能复机';
}

/** 停复机: accepted now, done some seconds later. */
export function switchCard(simulator: Simulator, card: SimCard, direction: Direction): Reply {
  const reason = refusalReason(simulator, card, direction);
  if (reason !== undefined) return errorReply('UnprocessableEntity', reason);
  simulator.state.shingsou.switching[card.iccid] = direction;
  simulator.schedule({
    kind: 'switchEnds',
    at: simulator.now() + SWITCH_DURATION_MS,
    iccid: card.iccid,
  });
  return { data: { iccid: card.iccid, networkState: networkStates[direction] } };
}

/** Completes the stop or resume of a card. */
export function completeSwitch(simulator: Simulator, iccid: string): void {
  const { switching } = simulator.state.shingsou;
  const direction = switching[iccid];
  const card = simulator.cards.find(iccid);
  if (!direction || !card) return;
  simulator.state.shingsou.switching = Object.fromEntries(
    Object.entries(switching).filter(([key]) => key !== iccid),
  );
  card.carrierCode = direction === 'stop' ? stoppedCodes[card.carrier] : activeCodes[card.carrier];
}
