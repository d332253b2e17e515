import { officeNumber } from '../ids';
import type { World } from '../world';
import type { Payout } from './office-state';

/** Into a bank account it takes some seconds of sandbox time; into a balance it is there at once. */
const BANK_TRANSFER_MS = 5000;

type PayoutRequest = Pick<Payout, 'kind' | 'number' | 'amountFen' | 'openId'> & {
  /** To whom, for telling a repetition from another request; kept as it is told apart only. */
  content: string;
};

export function findPayout(world: World, kind: Payout['kind'], number: string) {
  return world.state.shingsou.payouts.find((one) => one.kind === kind && one.number === number);
}

/** Pays somebody; the same number with the same content pays once. */
export function makePayout(world: World, request: PayoutRequest): Payout | 'changed' {
  const known = findPayout(world, request.kind, request.number);
  if (known) {
    const isSameRequest = known.content === request.content && known.amountFen === request.amountFen;
    return isSameRequest ? known : 'changed';
  }
  const createdAt = world.now();
  const payout = { ...request, paymentNo: officeNumber('1000018301', createdAt), createdAt };
  world.state.shingsou.payouts.push(payout);
  return payout;
}

/** When it arrived; null while it is on its way. */
export function arrivedAt(world: World, { kind, createdAt }: Payout): number | null {
  const at = kind === 'bank' ? createdAt + BANK_TRANSFER_MS : createdAt;
  return at <= world.now() ? at : null;
}
