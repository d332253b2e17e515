import type { ErrorCode } from '@shared/error-codes';
import { ApiError } from '../../../lib/api-error';
import { StoreUnavailable } from '../../../store/store';
import type { Bff } from './bff';
import type { Network } from './network';
import type { Prng } from './prng';
import type { Trace } from './trace';

/** How long a user waits for a response, in ms. */
const TIMEOUT_MS = 15_000;

/** The result of a request; undefined where there was no response. */
export type Reply<Value> =
  { outcome: 'ok'; value: Value } | { outcome: 'refused'; code: ErrorCode } | undefined;

export interface ClientParts {
  name: string;
  network: Network;
  prng: Prng;
  trace: Trace;
  bffs: () => readonly Bff[];
  /** The BFF failed with an error that is no refusal. */
  onFault: (error: unknown) => void;
}

type Handlers = Bff['services']['handlers'];

/** The parts of a request that are the same for all. */
export const emptyRequest = {
  language: 'en' as const,
  token: '',
  ip: '127.0.0.1',
  params: undefined,
  query: undefined,
  headers: undefined,
  body: undefined,
};

/** Sends a user's requests over the network to a random BFF process. */
export function createClient({ name, network, prng, trace, bffs, onFault }: ClientParts) {
  async function attempt<Value>(
    { process, services }: Bff,
    work: (handlers: Handlers) => Promise<Value>,
  ): Promise<Reply<Value>> {
    try {
      await process.step();
      const value = await work(services.handlers);
      // A process that was killed by now sends no response.
      await process.step();
      return { outcome: 'ok', value };
    } catch (error) {
      if (error instanceof ApiError) return { outcome: 'refused', code: error.code };
      // Over HTTP this is a 503.
      if (error instanceof StoreUnavailable) {
        return { outcome: 'refused', code: 'store.unavailable' };
      }
      onFault(error);
      return undefined;
    }
  }

  return async function request<Value>(
    what: string,
    work: (handlers: Handlers) => Promise<Value>,
  ): Promise<Reply<Value>> {
    const open = bffs();
    const bff = open[prng.between(0, open.length - 1)];
    trace(() => `${name} ${what} (at ${bff?.process.name ?? 'no BFF'})`);
    if (!bff) return undefined;
    const exchange = await network.carry('client', `${name} ${what}`, TIMEOUT_MS, () =>
      attempt(bff, work),
    );
    const reply = exchange.arrived ? exchange.answer : undefined;
    trace(() => `${name} ${what}: ${describe(reply)}`);
    return reply;
  };
}

function describe(reply: Reply<unknown>): string {
  if (!reply) return 'no response';
  return reply.outcome === 'ok' ? 'done' : reply.code;
}
