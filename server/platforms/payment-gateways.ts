import type { PaymentGateway } from './ports';

/** The payment gateways: the one for new payments, and those of older orders. */
export interface Gateways {
  current: PaymentGateway;
  all: readonly PaymentGateway[];
  /** Finds a gateway by name; undefined if it is no longer configured. */
  find(name: string): PaymentGateway | undefined;
}

/** @param others gateways of older orders, which are still settled there */
export function createGateways(
  current: PaymentGateway,
  others: readonly PaymentGateway[] = [],
): Gateways {
  const byName = new Map([...others, current].map((gateway) => [gateway.name, gateway]));
  return { current, all: [...byName.values()], find: (name) => byName.get(name) };
}
