import type { SandboxState } from '../state';
import type { AgentCard } from './state';

/** A card's state as the shop's table names it: powered, and where it is but is kept offline, why. */
export function carrierCodeOf({ sim, gprs }: AgentCard): string {
  return sim === '1' && gprs !== '1' ? `dakashi:${sim}/${gprs}` : `dakashi:${sim}`;
}

/** Its cards as `GET /sandbox/cards` lists them. It tells no carrier, and they have no phone number. */
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

/** What it delivered, as the ledger shows it. It knows no order number of the shop's. */
export function listDakashiDeliveries({ dakashi }: SandboxState) {
  return (dakashi?.deliveries ?? []).map(({ iccid, productNo, at }) => ({
    platform: 'dakashi',
    cardNumber: iccid,
    packageId: productNo,
    at: new Date(at).toISOString(),
  }));
}
