import { randomUUID } from 'node:crypto';
import { asyncModelRun, asyncProperty, assert, commands, constantFrom, record } from 'fast-check';
import type { AsyncCommand } from 'fast-check';
import type { Card } from '@shared/contract';
import type { Caller } from './caller';
import { deviceControls } from './device-world';
import { startStack, type Customer, type Stack } from './harness';
import { cardIn } from './shopping';

/**
 * Customers put cards into wallets and out of them, tie devices to them and untie them, and so do staff, in any
 * order. After every step, each person sees exactly the devices of the cards in their wallet.
 */

const PEOPLE = [0, 1] as const;
const CARDS = [0, 1] as const;
const DEVICES = [0, 1] as const;

interface Tie {
  device: number;
  byStaff: boolean;
}

interface Model {
  /** The cards in each person's wallet. */
  wallets: Map<number, Set<number>>;
  ties: Map<number, Tie>;
}

interface World {
  people: Customer[];
  cards: Card[];
}

let stack: Stack;
let staff: Caller;
let devices: string[];
let numbers: string[];
beforeAll(async () => {
  stack = await startStack({ env: { RATE_LIMIT_PER_MINUTE: '1000000' } });
  staff = await stack.signInStaff('lin');
  devices = (await deviceControls(stack).all()).map(({ id }) => id);
  const cards = await Promise.all(CARDS.map((at) => cardIn(stack, 'telecom', '1', at)));
  numbers = cards.map(({ iccid }) => iccid);
});
afterAll(() => stack.close());

function holds({ wallets }: Model, person: number, card: number): boolean {
  return wallets.get(person)?.has(card) ?? false;
}

function cardOf({ ties }: Model, device: number): number | undefined {
  return [...ties].find(([, tie]) => tie.device === device)?.[0];
}

/** Who sees which device, person by person; in the model, and then in the answers. */
async function compare(model: Model, { people, cards }: World): Promise<void> {
  for (const [person, caller] of people.entries()) {
    for (const device of DEVICES) {
      const card = cardOf(model, device);
      const sees = card !== undefined && holds(model, person, card);
      const request = { params: { deviceId: devices[device] ?? '' } };
      const answer = await caller.send('GET /devices/:deviceId', request);
      const shown = sees ? { status: 200, body: { cardId: cards[card]!.id } } : { status: 404 };
      expect(answer).toMatchObject(shown);
    }
  }
}

type Step = AsyncCommand<Model, World>;

function step(name: string, run: (model: Model, world: World) => Promise<void>): Step {
  return {
    check: () => true,
    run: async (model, world) => {
      await run(model, world);
      await compare(model, world);
    },
    toString: () => name,
  };
}

function keep(person: number, card: number): Step {
  return step(`person ${person} keeps card ${card}`, async (model, { people }) => {
    await people[person]!.ok('POST /me/cards', { body: { number: numbers[card]! } });
    model.wallets.get(person)?.add(card);
  });
}

function drop(person: number, card: number): Step {
  return step(`person ${person} drops card ${card}`, async (model, { people, cards }) => {
    const params = { cardId: cards[card]!.id };
    const { status } = await people[person]!.send('DELETE /me/cards/:cardId', { params });
    expect(status).toBe(holds(model, person, card) ? 204 : 404);
    model.wallets.get(person)?.delete(card);
  });
}

function statusOfTie(model: Model, person: number, card: number, device: number): number {
  if (!holds(model, person, card)) return 404;
  const at = cardOf(model, device);
  if (at === card) return 200;
  return at !== undefined || model.ties.get(card)?.byStaff ? 409 : 200;
}

function tie(person: number, card: number, device: number): Step {
  const name = `person ${person} ties device ${device} to card ${card}`;
  return step(name, async (model, { people, cards }) => {
    const request = { params: { cardId: cards[card]!.id }, body: { deviceId: devices[device] } };
    const { status } = await people[person]!.send('PUT /me/cards/:cardId/device', request);
    expect(status).toBe(statusOfTie(model, person, card, device));
    if (status !== 200 || cardOf(model, device) === card) return;
    model.ties.set(card, { device, byStaff: false });
  });
}

function untie(person: number, card: number): Step {
  return step(`person ${person} unties card ${card}`, async (model, { people, cards }) => {
    const params = { cardId: cards[card]!.id };
    const { status } = await people[person]!.send('DELETE /me/cards/:cardId/device', { params });
    const standing = holds(model, person, card) ? model.ties.get(card) : undefined;
    expect(status).toBe(standing === undefined ? 404 : standing.byStaff ? 409 : 204);
    if (status === 204) model.ties.delete(card);
  });
}

function tieByStaff(card: number, device: number): Step {
  return step(`staff tie device ${device} to card ${card}`, async (model, { cards }) => {
    const body = { deviceId: devices[device]! };
    await staff.ok('PUT /support/cards/:cardId/device', {
      params: { cardId: cards[card]!.id },
      body,
    });
    const before = cardOf(model, device);
    if (before !== undefined) model.ties.delete(before);
    model.ties.set(card, { device, byStaff: true });
  });
}

function untieByStaff(card: number): Step {
  return step(`staff untie card ${card}`, async (model, { cards }) => {
    const params = { cardId: cards[card]!.id };
    const { status } = await staff.send('DELETE /support/cards/:cardId/device', { params });
    expect(status).toBe(model.ties.delete(card) ? 204 : 404);
  });
}

const who = record({
  person: constantFrom(...PEOPLE),
  card: constantFrom(...CARDS),
  device: constantFrom(...DEVICES),
});
const steps = [
  who.map(({ person, card }) => keep(person, card)),
  who.map(({ person, card }) => keep(person, card)),
  who.map(({ person, card }) => drop(person, card)),
  who.map(({ person, card, device }) => tie(person, card, device)),
  who.map(({ person, card, device }) => tie(person, card, device)),
  who.map(({ person, card }) => untie(person, card)),
  who.map(({ card, device }) => tieByStaff(card, device)),
  who.map(({ card }) => untieByStaff(card)),
];

/** New people, whose wrong ids are not counted yet, and cards that are in no device. */
async function setup() {
  stack.write('delete from card_devices');
  const people = await Promise.all(PEOPLE.map(() => stack.signIn(randomUUID())));
  const found = numbers.map((number) => people[0]!.ok('GET /cards', { query: { number } }));
  const cards = (await Promise.all(found)).map(({ items }) => items[0]!);
  const wallets = new Map(PEOPLE.map((person) => [person, new Set<number>()]));
  return { model: { wallets, ties: new Map<number, Tie>() }, real: { people, cards } };
}

test('nobody is ever shown the device of a card that is not in their wallet', async () => {
  // Two devices are looked for after each step, and twenty wrong ids are let through.
  const rounds = asyncProperty(commands(steps, { maxCommands: 6 }), async (round) => {
    await asyncModelRun(setup, round);
  });
  await assert(rounds, { numRuns: 15 });
}, 60_000);
