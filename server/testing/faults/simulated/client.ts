import type { ErrorCode } from '@shared/error-codes';
import { ApiError } from '../../../lib/api-error';
import { StoreUnavailable } from '../../../store/store';
import type { Bff } from './bff';
import type { Network } from './network';
import type { Prng } from './prng';
import type { Trace } from './trace';

/** How long somebody looks at a spinning wheel, in ms. */
const TIMEOUT_MS = 15_000;

/** What came of a request; undefined where no answer came. */
export type Reply<Value> =
  { outcome: 'ok'; value: Value } | { outcome: 'refused'; code: ErrorCode } | undefined;

export interface ClientParts {
  name: string;
  network: Network;
  chance: Prng;
  trace: Trace;
  bffs: () => readonly Bff[];
  /** The shop answered with something that is no answer. */
  onFault: (error: unknown) => void;
}

type Handlers = Bff['services']['handlers'];

/** What every request carries besides what it is about. */
export const emptyRequest = {
  language: 'en' as const,
  token: '',
  ip: '127.0.0.1',
  params: undefined,
  query: undefined,
  headers: undefined,
  body: undefined,
};

/** Somebody's way to the shop: over a bad line, to whichever process takes it. */
export function createClient({ name, network, chance, trace, bffs, onFault }: ClientParts) {
  async function attempt<Value>(
    { process, services }: Bff,
    work: (handlers: Handlers) => Promise<Value>,
  ): Promise<Reply<Value>> {
    try {
      await process.step();
      const value = await work(services.handlers);
      // The answer leaves only if the process still stands.
      await process.step();
      return { outcome: 'ok', value };
    } catch (error) {
      if (error instanceof ApiError) return { outcome: 'refused', code: error.code };
      // As HTTP answers it: come back later.
      if (error instanceof StoreUnavailable) {
        return { outcome: 'refused', code: 'store.unavailable' };
      }
      onFault(error);
      return undefined;
    }
  }

  return async function ask<Value>(
    what: string,
    work: (handlers: Handlers) => Promise<Value>,
  ): Promise<Reply<Value>> {
    const open = bffs();
    const bff = open[chance.between(0, open.length - 1)];
    trace(() => `${name} ${what} (at ${bff?.process.name ?? 'a closed door'})`);
    if (!bff) return undefined;
    const exchange = await network.carry('people', `${name} ${what}`, TIMEOUT_MS, () =>
      attempt(bff, work),
    );
    const reply = exchange.arrived ? exchange.answer : undefined;
    trace(() => `${name} ${what}: ${describe(reply)}`);
    return reply;
  };
}

function describe(reply: Reply<unknown>): string {
  if (!reply) return 'no answer';
  return reply.outcome === 'ok' ? 'done' : reply.code;
}
