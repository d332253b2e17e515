import type { Prng } from './prng';
import type { Timeline } from './timeline';
import type { Trace } from './trace';
import type { Link, NetworkFault, NetworkFaults } from './network-faults';

/** How long request and response travel, in ms; null where they never arrive. */
interface Transit {
  requestMs: number | null;
  answerMs: number | null;
  /** The caller gets a response that it cannot use. */
  isUnusable: boolean;
}

export type Exchange<Answer> = { arrived: true; answer: Answer } | { arrived: false };

export interface Network {
  /**
   * Carries a request over a link, calls `handle` when it arrives, and carries the response back.
   * @param timeoutMs when the sender gives up; the request may still arrive later
   */
  carry<Answer>(
    link: Link,
    what: string,
    timeoutMs: number,
    handle: () => Answer | Promise<Answer>,
  ): Promise<Exchange<Answer>>;
}

function drawTransit(
  prng: Prng,
  injectedFault: NetworkFault | undefined,
  timeoutMs: number,
): Transit {
  const leg = () => prng.between(1, 30);
  const fine = { requestMs: leg(), answerMs: leg(), isUnusable: false };
  switch (injectedFault) {
    case undefined:
      return fine;
    case 'slow':
      return {
        ...fine,
        requestMs: prng.between(300, 6_000),
        answerMs: prng.between(300, 6_000),
      };
    case 'refused':
      return { requestMs: null, answerMs: leg(), isUnusable: true };
    case 'lostRequest':
      return { requestMs: null, answerMs: null, isUnusable: false };
    case 'lostAnswer':
      return { ...fine, answerMs: null };
    case 'serverError':
      return { ...fine, requestMs: prng.chance(0.5) ? leg() : null, isUnusable: true };
    case 'garbage':
      return { ...fine, isUnusable: true };
    case 'straggler':
      return { ...fine, requestMs: prng.between(timeoutMs, 50_000), answerMs: null };
  }
}

export interface NetworkParts {
  timeline: Timeline;
  networkFaults: NetworkFaults;
  prng: Prng;
  trace: Trace;
  count: (injectedFault: NetworkFault) => void;
}

/** The network: requests and responses are delayed and lost as `networkFaults` draws. */
export function createNetwork(parts: NetworkParts): Network {
  const { timeline, networkFaults, prng, trace, count } = parts;

  return {
    carry: <Answer>(
      link: Link,
      what: string,
      timeoutMs: number,
      handle: () => Answer | Promise<Answer>,
    ) => {
      const injectedFault = networkFaults.injectedFault(link);
      const { requestMs, answerMs, isUnusable } = drawTransit(prng, injectedFault, timeoutMs);
      if (injectedFault) {
        count(injectedFault);
        trace(() => `    ${what}: ${injectedFault} on the ${link} link`);
      }
      return new Promise<Exchange<Answer>>((resolve) => {
        const givesUpAt = timeline.now() + timeoutMs;
        const giveUp = () => timeline.at(givesUpAt, () => resolve({ arrived: false }));
        const respond = (exchange: Exchange<Answer>) => {
          if (answerMs !== null) timeline.at(timeline.now() + answerMs, () => resolve(exchange));
        };
        const arrive = async () => {
          const handled = handle();
          if (handled instanceof Promise) giveUp();
          const answer = await handled;
          respond(isUnusable ? { arrived: false } : { arrived: true, answer });
        };
        // A timer for the timeout is only needed where the timeout can be reached.
        if (requestMs === null ? answerMs === null : isLong(requestMs, answerMs)) giveUp();
        if (requestMs === null) respond({ arrived: false });
        else timeline.at(timeline.now() + requestMs, () => void arrive());
      });
      function isLong(request: number, answer: number | null): boolean {
        return answer === null || request + answer >= timeoutMs;
      }
    },
  };
}
