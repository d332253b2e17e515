import { PlatformUnavailable } from '../../platforms/ports';
import type { Store } from '../../store/store';
import { createSharedTokenHolder } from '../shared-token-holder';
import type { SharedTokenHolder } from '../shared-token-holder';
import { createTokenCipher } from '../token-cipher';
import { createVirtualTime } from './virtual-time';
import { trackStoreIdle } from './idle-tracking-store';

const FETCH_MS = 3_000;
/** The longest time that a crashed process can delay the others. */
export const LEASE_MS = 5_000;

/** The outcome of a request to the token server. */
export type FetchOutcome =
  | { kind: 'answered'; afterMs: number }
  /** The request fails. */
  | { kind: 'failed'; afterMs: number }
  /** A token is issued, but the process receives it only after its lease has expired. */
  | { kind: 'late'; afterMs: number }
  /** The request is delayed until its lease has expired: its token is the newest then. */
  | { kind: 'straggling'; afterMs: number }
  /** A token is issued, and the process crashes before it receives it. */
  | { kind: 'died' };

interface TokenRequest {
  at: number;
  /** No other request may start before this instant. */
  until: number;
}

/** A call to the gateway, as the client of 旭宇 makes it: repeated with another token after a 401. */
export interface Call {
  at: number;
  process: number;
  result: 'done' | 'refused' | 'refusedTokenAgain' | 'unavailable' | 'broken' | 'inFlight';
}

/** Simulates several processes with one store, and a token server where only the newest token is valid. */
export function createTokenSimulation(options: { store: Store; processes: number }) {
  const { processes } = options;
  const { store, waitUntilIdle } = trackStoreIdle(options.store);
  const time = createVirtualTime(1_800_000_000_000, waitUntilIdle);
  const requests: TokenRequest[] = [];
  const calls: Call[] = [];
  /** The outcomes of the next requests; later ones are answered quickly. */
  const outcomes: FetchOutcome[] = [];
  let issued = 0;
  let valid: string | undefined;

  function issue(): string {
    issued += 1;
    valid = `token-${String(issued)}`;
    return valid;
  }

  async function fetchToken(process: number) {
    const outcome = outcomes.shift() ?? { kind: 'answered', afterMs: 20 };
    const length =
      outcome.kind === 'answered' || outcome.kind === 'failed' ? outcome.afterMs : LEASE_MS;
    requests.push({ at: time.now(), until: time.now() + length });
    if (outcome.kind === 'failed') {
      await time.pause(outcome.afterMs);
      throw new PlatformUnavailable('token server down');
    }
    if (outcome.kind === 'straggling') await time.pause(outcome.afterMs);
    const value = issue();
    if (outcome.kind === 'died') {
      restart(process);
      return new Promise<never>(() => undefined);
    }
    if (outcome.kind !== 'straggling') await time.pause(outcome.afterMs);
    return { value, expiresIn: 600 };
  }

  function start(process: number): SharedTokenHolder {
    return createSharedTokenHolder({
      platform: 'shingsou',
      store,
      cipher: createTokenCipher({ platform: 'shingsou', clientSecret: 'secret', issuedFor: [] }),
      fetchToken: () => fetchToken(process),
      fetchTimeoutMs: FETCH_MS,
      clock: time.now,
      random: () => process / processes,
      pause: time.pause,
    });
  }

  const holders = Array.from({ length: processes }, (_, process) => start(process));

  /** The process crashes with all its calls, and is started again. */
  function restart(process: number): void {
    for (const call of calls) {
      if (call.process === process && call.result === 'inFlight') call.result = 'unavailable';
    }
    holders[process] = start(process);
  }

  async function callWithRetry(holder: SharedTokenHolder): Promise<Call['result']> {
    const first = await holder.current();
    if (first.value === valid) return 'done';
    const second = await holder.refresh(first.value);
    if (second.value === first.value) return 'refusedTokenAgain';
    return second.value === valid ? 'done' : 'refused';
  }

  return {
    time,
    requests,
    calls,
    outcomes,
    revoke: () => {
      valid = undefined;
    },
    call(process: number): void {
      const holder = holders[process];
      if (!holder) throw new Error(`there is no process ${String(process)}`);
      const call: Call = { at: time.now(), process, result: 'inFlight' };
      calls.push(call);
      void callWithRetry(holder).then(
        (result) => {
          if (call.result === 'inFlight') call.result = result;
        },
        (error: unknown) => {
          if (call.result !== 'inFlight') return;
          call.result = error instanceof PlatformUnavailable ? 'unavailable' : 'broken';
        },
      );
    },
  };
}

export type TokenSimulation = ReturnType<typeof createTokenSimulation>;
