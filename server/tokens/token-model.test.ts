import fc from 'fast-check';
import { openStore, type OpenStore } from '../store/open-store';
import { createTestStore, type TestStore } from '../testing/test-stores';
import {
  createTokenSimulation,
  LEASE_MS,
  type FetchOutcome,
  type TokenSimulation,
} from './testing/token-simulation';

/** Calls, revocations, passing time and faults in any order, in several processes with one store. */

const PROCESSES = 4;
const MINUTE = 60_000;

let testStore: TestStore;
let opened: OpenStore;
beforeAll(async () => {
  testStore = await createTestStore('sqlite');
  opened = await openStore(testStore.databaseUrl, { warn: () => undefined });
});
afterAll(async () => {
  await opened.close();
  await testStore.remove();
});

type Step =
  | { do: 'call'; process: number }
  | { do: 'revoke' }
  | { do: 'wait'; milliseconds: number }
  | { do: 'setOutcome'; outcome: FetchOutcome };

const call = fc.nat(PROCESSES - 1).map((process): Step => ({ do: 'call', process }));
const revoke = fc.constant<Step>({ do: 'revoke' });
const shortPause = fc.integer({ min: 1, max: 200 }).map(passTime);
const longPause = fc.integer({ min: 200, max: 11 * MINUTE }).map(passTime);
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
  .map((outcome): Step => ({ do: 'setOutcome', outcome }));

function passTime(milliseconds: number): Step {
  return { do: 'wait', milliseconds };
}

async function runSteps(steps: readonly Step[]): Promise<TokenSimulation> {
  await opened.store.deleteFrom('tokens').execute();
  const simulation = createTokenSimulation({ store: opened.store, processes: PROCESSES });
  for (const step of steps) {
    if (step.do === 'call') simulation.call(step.process);
    else if (step.do === 'revoke') simulation.revoke();
    else if (step.do === 'setOutcome') simulation.outcomes.push(step.outcome);
    else await simulation.time.advance(step.milliseconds);
  }
  await simulation.time.advance(MINUTE);
  return simulation;
}

function results({ calls }: TokenSimulation): string[] {
  return calls.map(({ result }) => result);
}

test('without faults every call succeeds, and no token is requested without need', async () => {
  const steps = fc.array(fc.oneof({ arbitrary: call, weight: 6 }, shortPause, longPause), {
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(steps, async (drawn) => {
      const simulation = await runSteps(drawn);
      expect(results(simulation).filter((result) => result !== 'done')).toEqual([]);
      const elapsed = simulation.time.now() - (simulation.calls[0]?.at ?? simulation.time.now());
      // A token lasts ten minutes and is replaced in the last two.
      expect(simulation.requests.length).toBeLessThanOrEqual(1 + elapsed / (8 * MINUTE));
    }),
    { numRuns: 60 },
  );
}, 120_000);

test('a revoked token is replaced by one request, and no call fails', async () => {
  const callBursts = fc.array(fc.oneof({ arbitrary: call, weight: 8 }, shortPause), {
    minLength: 20,
    maxLength: 80,
  });
  await fc.assert(
    fc.asyncProperty(callBursts, callBursts, async (before, after) => {
      const first: Step[] = [{ do: 'call', process: 0 }];
      const simulation = await runSteps([
        ...first,
        ...before,
        passTime(1_000),
        { do: 'revoke' },
        ...after,
      ]);
      expect(results(simulation).filter((result) => result !== 'done')).toEqual([]);
      const wasNoticed = after.some((step) => step.do === 'call');
      expect(simulation.requests).toHaveLength(wasNoticed ? 2 : 1);
    }),
    { numRuns: 60 },
  );
}, 120_000);

/** A request must have ended, or its lease expired, before the next request starts. */
function expectOneAtATime({ requests }: TokenSimulation): void {
  requests.slice(1).forEach(({ at }, index) => {
    expect(at).toBeGreaterThanOrEqual(requests[index]!.until);
  });
}

test('after any failure, crash or late answer no caller keeps waiting, and later calls succeed', async () => {
  const step = fc.oneof({ arbitrary: call, weight: 5 }, revoke, shortPause, longPause, {
    arbitrary: fault,
    weight: 2,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (drawn) => {
      const simulation = await runSteps(drawn);
      for (const never of ['inFlight', 'broken', 'refusedTokenAgain']) {
        expect(results(simulation)).not.toContain(never);
      }
      expectOneAtATime(simulation);
      simulation.outcomes.length = 0;
      await simulation.time.advance(2 * MINUTE);
      // At most one call notices that a late answer has invalidated the token.
      const [requests, calls] = [simulation.requests.length, simulation.calls.length];
      for (let process = 0; process < PROCESSES; process += 1) simulation.call(process);
      await simulation.time.advance(2 * LEASE_MS);
      expect(results(simulation).slice(calls)).toEqual(Array(PROCESSES).fill('done'));
      expect(simulation.requests.length - requests).toBeLessThanOrEqual(2);
    }),
    { numRuns: 150 },
  );
}, 240_000);
