import fc from 'fast-check';
import { openStore, type OpenStore } from '../store/open-store';
import { createTestStore, type TestStore } from '../test/stores';
import { createTokenWorld, LEASE_MS, type Fate, type TokenWorld } from './testing/token-world';

/** Any order of calls, revocations, passing time and faults, on several processes with one store. */

const PROCESSES = 4;
const MINUTE = 60_000;

let place: TestStore;
let opened: OpenStore;
beforeAll(async () => {
  place = await createTestStore('sqlite');
  opened = await openStore(place.databaseUrl, { warn: () => undefined });
});
afterAll(async () => {
  await opened.close();
  await place.remove();
});

type Step =
  | { do: 'call'; process: number }
  | { do: 'revoke' }
  | { do: 'pass'; milliseconds: number }
  | { do: 'meet'; fate: Fate };

const call = fc.nat(PROCESSES - 1).map((process): Step => ({ do: 'call', process }));
const revoke = fc.constant<Step>({ do: 'revoke' });
const moment = fc.integer({ min: 1, max: 200 }).map(passing);
const while_ = fc.integer({ min: 200, max: 11 * MINUTE }).map(passing);
const fault = fc
  .oneof(
    fc.record({ kind: fc.constant('failed' as const), afterMs: fc.nat(2_500) }),
    fc.record({
      kind: fc.constant('late' as const),
      afterMs: fc.integer({ min: LEASE_MS, max: 4 * LEASE_MS }),
    }),
    fc.record({
      kind: fc.constant('straggling' as const),
      afterMs: fc.integer({ min: LEASE_MS, max: 4 * LEASE_MS }),
    }),
    fc.record({ kind: fc.constant('died' as const) }),
    fc.record({ kind: fc.constant('answered' as const), afterMs: fc.nat(2_500) }),
  )
  .map((fate): Step => ({ do: 'meet', fate }));

function passing(milliseconds: number): Step {
  return { do: 'pass', milliseconds };
}

async function play(steps: readonly Step[]): Promise<TokenWorld> {
  await opened.store.deleteFrom('tokens').execute();
  const world = createTokenWorld({ store: opened.store, processes: PROCESSES });
  for (const step of steps) {
    if (step.do === 'call') world.call(step.process);
    else if (step.do === 'revoke') world.revoke();
    else if (step.do === 'meet') world.fates.push(step.fate);
    else await world.time.pass(step.milliseconds);
  }
  await world.time.pass(MINUTE);
  return world;
}

function results({ calls }: TokenWorld): string[] {
  return calls.map(({ result }) => result);
}

test('as long as nothing fails, every call is made, and no token is asked for without need', async () => {
  const steps = fc.array(fc.oneof({ arbitrary: call, weight: 6 }, moment, while_), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (drawn) => {
      const world = await play(drawn);
      expect(results(world).filter((result) => result !== 'done')).toEqual([]);
      const lived = world.time.now() - (world.calls[0]?.at ?? world.time.now());
      // A token lives ten minutes and is replaced in its last two.
      expect(world.asked.length).toBeLessThanOrEqual(1 + lived / (8 * MINUTE));
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('a token that is revoked is replaced by one request, and no call fails', async () => {
  const crowd = fc.array(fc.oneof({ arbitrary: call, weight: 8 }, moment), {
    minLength: 20,
    maxLength: 80,
  });
  await fc.assert(
    fc.asyncProperty(crowd, crowd, async (before, after) => {
      const first: Step[] = [{ do: 'call', process: 0 }];
      const world = await play([...first, ...before, passing(1_000), { do: 'revoke' }, ...after]);
      expect(results(world).filter((result) => result !== 'done')).toEqual([]);
      const wasNoticed = after.some((step) => step.do === 'call');
      expect(world.asked).toHaveLength(wasNoticed ? 2 : 1);
    }),
    { numRuns: 60 },
  );
}, 120_000);

/** Whoever asked before must have ended, or lost its lease, before somebody else asks. */
function expectOneAtATime({ asked }: TokenWorld): void {
  asked.slice(1).forEach(({ at }, index) => {
    expect(at).toBeGreaterThanOrEqual(asked[index]!.until);
  });
}

test('whatever fails, dies or comes late, nobody is left waiting, and all is well afterwards', async () => {
  const step = fc.oneof({ arbitrary: call, weight: 5 }, revoke, moment, while_, {
    arbitrary: fault,
    weight: 2,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (drawn) => {
      const world = await play(drawn);
      for (const never of ['underWay', 'broken', 'refusedTokenAgain']) {
        expect(results(world)).not.toContain(never);
      }
      expectOneAtATime(world);
      world.fates.length = 0;
      await world.time.pass(2 * MINUTE);
      // At most one call finds out that a late answer took the token away.
      const [asked, calls] = [world.asked.length, world.calls.length];
      for (let process = 0; process < PROCESSES; process += 1) world.call(process);
      await world.time.pass(2 * LEASE_MS);
      expect(results(world).slice(calls)).toEqual(Array(PROCESSES).fill('done'));
      expect(world.asked.length - asked).toBeLessThanOrEqual(2);
    }),
    { numRuns: 150 },
  );
}, 240_000);
