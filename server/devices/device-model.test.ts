import { randomUUID } from 'node:crypto';
import { asyncModelRun, asyncProperty, assert, commands, constantFrom, record } from 'fast-check';
import type { AsyncCommand } from 'fast-check';
import type { Card } from '@shared/contract';
import type { ApiClient } from '../testing/api-client';
import { createDeviceControls } from '../testing/device-fixtures';
import { startStack, type Customer, type Stack } from '../testing/harness';
import { cardInState } from '../testing/shopping';

/**
 * Customers add and remove cards and bind and unbind devices, and staff bind and unbind them too, in any
 * order. After every step, each customer sees exactly the devices of the cards in their wallet.
 */

const PEOPLE = [0, 1] as const;
const CARDS = [0, 1] as const;
const DEVICES = [0, 1] as const;

interface DeviceBinding {
  device: number;
  byStaff: boolean;
}

interface Model {
  /** The cards in each customer's wallet. */
  wallets: Map<number, Set<number>>;
  bindings: Map<number, DeviceBinding>;
}

interface Fixture {
  people: Customer[];
  cards: Card[];
}

let stack: Stack;
let staff: ApiClient;
let devices: string[];
let numbers: string[];
beforeAll(async () => {
  stack = await startStack({ env: { RATE_LIMIT_PER_MINUTE: '1000000' } });
  staff = await stack.signInStaff('lin');
  devices = (await createDeviceControls(stack).all()).map(({ id }) => id);
  const cards = await Promise.all(CARDS.map((at) => cardInState(stack, 'telecom', '1', at)));
  numbers = cards.map(({ iccid }) => iccid);
});
afterAll(() => stack.close());

function isInWallet({ wallets }: Model, person: number, card: number): boolean {
  return wallets.get(person)?.has(card) ?? false;
}

function cardOf({ bindings }: Model, device: number): number | undefined {
  return [...bindings].find(([, tie]) => tie.device === device)?.[0];
}

/** The devices that each customer sees, in the model and in the responses. */
async function compare(model: Model, { people, cards }: Fixture): Promise<void> {
  for (const [person, client] of people.entries()) {
    for (const device of DEVICES) {
      const card = cardOf(model, device);
      const sees = card !== undefined && isInWallet(model, person, card);
      const request = { params: { deviceId: devices[device] ?? '' } };
      const answer = await client.send('GET /devices/:deviceId', request);
      const shown = sees ? { status: 200, body: { cardId: cards[card]!.id } } : { status: 404 };
      expect(answer).toMatchObject(shown);
    }
  }
}

type Step = AsyncCommand<Model, Fixture>;

function step(name: string, run: (model: Model, fixture: Fixture) => Promise<void>): Step {
  return {
    check: () => true,
    run: async (model, fixture) => {
      await run(model, fixture);
      await compare(model, fixture);
    },
    toString: () => name,
  };
}

function addToWallet(person: number, card: number): Step {
  return step(`person ${person} keeps card ${card}`, async (model, { people }) => {
    await people[person]!.ok('POST /me/cards', { body: { number: numbers[card]! } });
    model.wallets.get(person)?.add(card);
  });
}

function removeFromWallet(person: number, card: number): Step {
  return step(`person ${person} drops card ${card}`, async (model, { people, cards }) => {
    const params = { cardId: cards[card]!.id };
    const { status } = await people[person]!.send('DELETE /me/cards/:cardId', { params });
    expect(status).toBe(isInWallet(model, person, card) ? 204 : 404);
    model.wallets.get(person)?.delete(card);
  });
}

function expectedBindStatus(model: Model, person: number, card: number, device: number): number {
  if (!isInWallet(model, person, card)) return 404;
  const at = cardOf(model, device);
  if (at === card) return 200;
  return at !== undefined || model.bindings.get(card)?.byStaff ? 409 : 200;
}

function tie(person: number, card: number, device: number): Step {
  const name = `person ${person} ties device ${device} to card ${card}`;
  return step(name, async (model, { people, cards }) => {
    const request = { params: { cardId: cards[card]!.id }, body: { deviceId: devices[device] } };
    const { status } = await people[person]!.send('PUT /me/cards/:cardId/device', request);
    expect(status).toBe(expectedBindStatus(model, person, card, device));
    if (status !== 200 || cardOf(model, device) === card) return;
    model.bindings.set(card, { device, byStaff: false });
  });
}

function unbindDevice(person: number, card: number): Step {
  return step(`person ${person} unties card ${card}`, async (model, { people, cards }) => {
    const params = { cardId: cards[card]!.id };
    const { status } = await people[person]!.send('DELETE /me/cards/:cardId/device', { params });
    const current = isInWallet(model, person, card) ? model.bindings.get(card) : undefined;
    expect(status).toBe(current === undefined ? 404 : current.byStaff ? 409 : 204);
    if (status === 204) model.bindings.delete(card);
  });
}

function bindByStaff(card: number, device: number): Step {
  return step(`staff tie device ${device} to card ${card}`, async (model, { cards }) => {
    const body = { deviceId: devices[device]! };
    await staff.ok('PUT /support/cards/:cardId/device', {
      params: { cardId: cards[card]!.id },
      body,
    });
    const before = cardOf(model, device);
    if (before !== undefined) model.bindings.delete(before);
    model.bindings.set(card, { device, byStaff: true });
  });
}

function unbindByStaff(card: number): Step {
  return step(`staff untie card ${card}`, async (model, { cards }) => {
    const params = { cardId: cards[card]!.id };
    const { status } = await staff.send('DELETE /support/cards/:cardId/device', { params });
    expect(status).toBe(model.bindings.delete(card) ? 204 : 404);
  });
}

const arbitraryIds = record({
  person: constantFrom(...PEOPLE),
  card: constantFrom(...CARDS),
  device: constantFrom(...DEVICES),
});
const steps = [
  arbitraryIds.map(({ person, card }) => addToWallet(person, card)),
  arbitraryIds.map(({ person, card }) => addToWallet(person, card)),
  arbitraryIds.map(({ person, card }) => removeFromWallet(person, card)),
  arbitraryIds.map(({ person, card, device }) => tie(person, card, device)),
  arbitraryIds.map(({ person, card, device }) => tie(person, card, device)),
  arbitraryIds.map(({ person, card }) => unbindDevice(person, card)),
  arbitraryIds.map(({ card, device }) => bindByStaff(card, device)),
  arbitraryIds.map(({ card }) => unbindByStaff(card)),
];

/** New customers, without counted misses, and cards without a device. */
async function setup() {
  stack.write('delete from card_devices');
  const people = await Promise.all(PEOPLE.map(() => stack.signIn(randomUUID())));
  const found = numbers.map((number) => people[0]!.ok('GET /cards', { query: { number } }));
  const cards = (await Promise.all(found)).map(({ items }) => items[0]!);
  const wallets = new Map(PEOPLE.map((person) => [person, new Set<number>()]));
  return {
    model: { wallets, bindings: new Map<number, DeviceBinding>() },
    real: { people, cards },
  };
}

test('a customer never sees the device of a card that is not in the wallet', async () => {
  // Two devices are requested after each step, and twenty misses are allowed.
  const rounds = asyncProperty(commands(steps, { maxCommands: 6 }), async (round) => {
    await asyncModelRun(setup, round);
  });
  await assert(rounds, { numRuns: 15 });
}, 60_000);
