import type { Prng } from './prng';
import type { Timeline } from './timeline';
import type { Trace } from './trace';
import type { Link, NetworkFault, NetworkFaults } from './network-faults';

/** How one message and its answer travel, in ms; null where they never arrive. */
interface Transit {
  requestMs: number | null;
  answerMs: number | null;
  /** The caller gets something, but nothing it can use. */
  isUnusable: boolean;
}

export type Exchange<Answer> = { arrived: true; answer: Answer } | { arrived: false };

export interface Network {
  /**
   * Carries a message over a link, has it dealt with there, and carries the answer back.
   * @param timeoutMs when the sender gives up; the message may still arrive later
   */
  carry<Answer>(
    link: Link,
    what: string,
    timeoutMs: number,
    handle: () => Answer | Promise<Answer>,
  ): Promise<Exchange<Answer>>;
}

function drawTransit(
  chance: Prng,
  injectedFault: NetworkFault | undefined,
  timeoutMs: number,
): Transit {
  const leg = () => chance.between(1, 30);
  const fine = { requestMs: leg(), answerMs: leg(), isUnusable: false };
  switch (injectedFault) {
    case undefined:
      return fine;
    case 'slow':
      return {
        ...fine,
        requestMs: chance.between(300, 6_000),
        answerMs: chance.between(300, 6_000),
      };
    case 'refused':
      return { requestMs: null, answerMs: leg(), isUnusable: true };
    case 'lostRequest':
      return { requestMs: null, answerMs: null, isUnusable: false };
    case 'lostAnswer':
      return { ...fine, answerMs: null };
    case 'serverError':
      return { ...fine, requestMs: chance.chance(0.5) ? leg() : null, isUnusable: true };
    case 'garbage':
      return { ...fine, isUnusable: true };
    case 'straggler':
      return { ...fine, requestMs: chance.between(timeoutMs, 50_000), answerMs: null };
  }
}

export interface NetworkParts {
  timeline: Timeline;
  networkFaults: NetworkFaults;
  chance: Prng;
  trace: Trace;
  count: (injectedFault: NetworkFault) => void;
}

/** Messages between the parties, delayed and lost as the weather has it. */
export function createNetwork(parts: NetworkParts): Network {
  const { timeline, networkFaults, chance, trace, count } = parts;

  return {
    carry: <Answer>(
      link: Link,
      what: string,
      timeoutMs: number,
      handle: () => Answer | Promise<Answer>,
    ) => {
      const injectedFault = networkFaults.injectedFault(link);
      const { requestMs, answerMs, isUnusable } = drawTransit(chance, injectedFault, timeoutMs);
      if (injectedFault) {
        count(injectedFault);
        trace(() => `    ${what}: ${injectedFault} on the way to the ${link}`);
      }
      return new Promise<Exchange<Answer>>((resolve) => {
        const givesUpAt = timeline.now() + timeoutMs;
        const giveUp = () => timeline.at(givesUpAt, () => resolve({ arrived: false }));
        const goBack = (exchange: Exchange<Answer>) => {
          if (answerMs !== null) timeline.at(timeline.now() + answerMs, () => resolve(exchange));
        };
        const arrive = async () => {
          const handled = handle();
          if (handled instanceof Promise) giveUp();
          const answer = await handled;
          goBack(isUnusable ? { arrived: false } : { arrived: true, answer });
        };
        // Where the whole way is short nobody gives up, and nothing need be kept for it.
        if (requestMs === null ? answerMs === null : isLong(requestMs, answerMs)) giveUp();
        if (requestMs === null) goBack({ arrived: false });
        else timeline.at(timeline.now() + requestMs, () => void arrive());
      });
      function isLong(there: number, back: number | null): boolean {
        return back === null || there + back >= timeoutMs;
      }
    },
  };
}
