import { shingsouNumber } from '../ids';
import type { Simulator } from '../simulator';
import type { Payout } from './back-office-state';

/** How long a payout to a bank account takes, in sandbox time; one to a balance arrives at once. */
const BANK_TRANSFER_MS = 5000;

type PayoutRequest = Pick<Payout, 'kind' | 'number' | 'amountFen' | 'openId'> & {
  /** The payee as openid or digest, to tell a repetition from another request. */
  content: string;
};

export function findPayout(simulator: Simulator, kind: Payout['kind'], number: string) {
  return simulator.state.shingsou.payouts.find((one) => one.kind === kind && one.number === number);
}

/** Makes a payout; the same number with the same content pays once. */
export function makePayout(simulator: Simulator, request: PayoutRequest): Payout | 'changed' {
  const known = findPayout(simulator, request.kind, request.number);
  if (known) {
    const isSameRequest =
      known.content === request.content && known.amountFen === request.amountFen;
    return isSameRequest ? known : 'changed';
  }
  const createdAt = simulator.now();
  const payout = { ...request, paymentNo: shingsouNumber('1000018301', createdAt), createdAt };
  simulator.state.shingsou.payouts.push(payout);
  return payout;
}

/** When it arrived; null while it is on its way. */
export function arrivedAt(simulator: Simulator, { kind, createdAt }: Payout): number | null {
  const at = kind === 'bank' ? createdAt + BANK_TRANSFER_MS : createdAt;
  return at <= simulator.now() ? at : null;
}
