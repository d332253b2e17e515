import assert from 'node:assert/strict';
import type { Card } from '@shared/contract';
import type { Customer, Stack } from './harness';
import { cardInState } from './shopping';

/** A device of the sandbox. */
export interface SandboxDevice {
  id: string;
  isDisabled: boolean;
  mac: string;
  productName: string;
  users: { endUserId: string; phone: string; email: string; role: 1 | 2 | 3 }[];
}

/** The sandbox's control routes for devices. */
export function createDeviceControls({ settings }: Stack) {
  async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const answer = await fetch(`${settings.MXCHIP_URL ?? ''}/sandbox/devices${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${path} answered ${String(answer.status)}`);
    return (await answer.json()) as Answer;
  }
  return {
    all: async () => (await call<{ items: SandboxDevice[] }>('GET', '')).items,
    /** Sets how many users a device is bound to. */
    setUserCount: (id: string, users: number) => call<SandboxDevice>('PUT', `/${id}`, { users }),
  };
}

/** Adds a healthy card to the wallet; each `position` is another card. */
export async function addCardToWallet(
  stack: Stack,
  customer: Customer,
  position: number,
): Promise<Card> {
  const { iccid } = await cardInState(stack, 'telecom', '1', position);
  return customer.ok('POST /me/cards', { body: { number: iccid } });
}

export function bindDevice(customer: Customer, cardId: string, deviceId: string) {
  return customer.ok('PUT /me/cards/:cardId/device', { params: { cardId }, body: { deviceId } });
}

/** Proves possession of a card in the wallet. */
export async function provePossession(customer: Customer, card: Card): Promise<void> {
  const body = { number: card.iccid ?? card.number };
  await customer.ok('POST /me/cards/:cardId/possession', { params: { cardId: card.id }, body });
}
