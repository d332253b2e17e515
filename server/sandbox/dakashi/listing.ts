import type { SandboxState } from '../state';
import type { AgentCard } from './state';

/**
 * A card's status code as the adapter builds it: the power state and, if it is on but kept offline, the
 * reason.
 */
export function carrierCodeOf({ sim, gprs }: AgentCard): string {
  return sim === '1' && gprs !== '1' ? `dakashi:${sim}/${gprs}` : `dakashi:${sim}`;
}

/** Its cards as `GET /sandbox/cards` lists them. It names no carrier, and they have no access number. */
export function listDakashiCards({ dakashi }: SandboxState) {
  return (dakashi?.cards ?? []).map((card) => ({
    iccid: card.iccid,
    accessNumber: null,
    carrier: 'unknown',
    platform: 'dakashi',
    carrierCode: carrierCodeOf(card),
    serialNo: card.serialNo,
    customNo: card.customNo === '' ? null : card.customNo,
  }));
}

/** Its deliveries for the ledger. It does not know the merchant's order numbers. */
export function listDakashiDeliveries({ dakashi }: SandboxState) {
  return (dakashi?.deliveries ?? []).map(({ iccid, productNo, at }) => ({
    platform: 'dakashi',
    cardNumber: iccid,
    packageId: productNo,
    at: new Date(at).toISOString(),
  }));
}
