import type { PaymentGateway } from './ports';

/** The payment channels: the one new orders are paid through, and those of older orders. */
export interface Gateways {
  current: PaymentGateway;
  all: readonly PaymentGateway[];
  /** The channel of that name; undefined where it is not configured any more. */
  find(name: string): PaymentGateway | undefined;
}

/** @param others channels whose old orders are still settled */
export function createGateways(
  current: PaymentGateway,
  others: readonly PaymentGateway[] = [],
): Gateways {
  const byName = new Map([...others, current].map((gateway) => [gateway.name, gateway]));
  return { current, all: [...byName.values()], find: (name) => byName.get(name) };
}
