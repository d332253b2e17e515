import type { Plan } from './plan';
import type { Prng } from './prng';

/** A refund that staff make in the channel's own console. */
export interface ConsoleRefund {
  /** In ms from the start. */
  afterMs: number;
  /** The share of the payment that is refunded. */
  share: number;
}

/** What happens to refunds at the channels until the faults end. */
export interface RefundFaults {
  /** Whether the channels close refunds instead of paying them. */
  closes: boolean;
  inConsole: ConsoleRefund[];
}

export function drawRefundFaults(prng: Prng, { faultsEndMs }: Plan): RefundFaults {
  const closes = prng.chance(0.08);
  const count = prng.chance(0.1) ? prng.between(1, 3) : 0;
  return {
    closes,
    inConsole: Array.from({ length: count }, () => ({
      afterMs: prng.between(1_000, faultsEndMs),
      share: prng.pick([1, 1, 0.5, 0.1]),
    })),
  };
}
