import fc from 'fast-check';
import { callOutcomes, type CallOutcome } from './flaky-gateway';
import type { PaymentSimulation } from './payment-simulation';

type Command<Model extends object> = fc.AsyncCommand<Model, PaymentSimulation>;

/**
 * The commands that model tests on a payment simulation share.
 * @param checkInvariants runs after every command
 */
export function createSimulationCommands<Model extends object>(
  checkInvariants: (simulation: PaymentSimulation) => Promise<void>,
) {
  function command(
    name: string,
    run: (model: Model, simulation: PaymentSimulation) => Promise<void> | void,
  ): Command<Model> {
    return {
      check: () => true,
      run: async (model, simulation) => {
        await run(model, simulation);
        await checkInvariants(simulation);
      },
      toString: () => name,
    };
  }

  /** Runs due jobs once. The calls to the channel have the given outcomes; further calls succeed. */
  const runJobs = (outcomes: readonly CallOutcome[]) =>
    command(`runJobs(${outcomes.join()})`, async (_, { gateway, runDueJobs }) => {
      gateway.nextOutcomes.push(...outcomes);
      await runDueJobs();
      gateway.nextOutcomes.length = 0;
    });

  const advanceTime = (seconds: number) =>
    command(`advanceTime(${String(seconds)} s)`, (_, { advance }) => {
      advance(seconds * 1_000);
    });

  return {
    command,
    advanceTime,
    /** An arbitrary `runJobs`. */
    anyRunJobs: fc.array(fc.constantFrom(...callOutcomes), { maxLength: 4 }).map(runJobs),
  };
}
