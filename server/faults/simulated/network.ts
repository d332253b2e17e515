import type { Prng } from './prng';
import type { Timeline } from './timeline';
import type { Trace } from './trace';
import type { Link, Mishap, Weather } from './weather';

/** How one message and its answer travel, in ms; null where they never arrive. */
interface Passage {
  requestMs: number | null;
  answerMs: number | null;
  /** The caller gets something, but nothing it can use. */
  spoilt: boolean;
}

export type Carried<Answer> = { arrived: true; answer: Answer } | { arrived: false };

export interface Network {
  /**
   * Carries a message over a link, has it dealt with there, and carries the answer back.
   * @param patienceMs when the sender gives up; the message may still arrive later
   */
  carry<Answer>(
    link: Link,
    what: string,
    patienceMs: number,
    deal: () => Answer | Promise<Answer>,
  ): Promise<Carried<Answer>>;
}

function drawPassage(chance: Prng, mishap: Mishap | undefined, patienceMs: number): Passage {
  const leg = () => chance.between(1, 30);
  const fine = { requestMs: leg(), answerMs: leg(), spoilt: false };
  switch (mishap) {
    case undefined:
      return fine;
    case 'slow':
      return {
        ...fine,
        requestMs: chance.between(300, 6_000),
        answerMs: chance.between(300, 6_000),
      };
    case 'refused':
      return { requestMs: null, answerMs: leg(), spoilt: true };
    case 'lostRequest':
      return { requestMs: null, answerMs: null, spoilt: false };
    case 'lostAnswer':
      return { ...fine, answerMs: null };
    case 'serverError':
      return { ...fine, requestMs: chance.chance(0.5) ? leg() : null, spoilt: true };
    case 'garbage':
      return { ...fine, spoilt: true };
    case 'straggler':
      return { ...fine, requestMs: chance.between(patienceMs, 50_000), answerMs: null };
  }
}

export interface NetworkParts {
  timeline: Timeline;
  weather: Weather;
  chance: Prng;
  trace: Trace;
  count: (mishap: Mishap) => void;
}

/** Messages between the parties, delayed and lost as the weather has it. */
export function createNetwork(parts: NetworkParts): Network {
  const { timeline, weather, chance, trace, count } = parts;

  return {
    carry: <Answer>(
      link: Link,
      what: string,
      patienceMs: number,
      deal: () => Answer | Promise<Answer>,
    ) => {
      const mishap = weather.mishap(link);
      const { requestMs, answerMs, spoilt } = drawPassage(chance, mishap, patienceMs);
      if (mishap) {
        count(mishap);
        trace(() => `    ${what}: ${mishap} on the way to the ${link}`);
      }
      return new Promise<Carried<Answer>>((resolve) => {
        const givesUpAt = timeline.now() + patienceMs;
        const giveUp = () => timeline.at(givesUpAt, () => resolve({ arrived: false }));
        const goBack = (carried: Carried<Answer>) => {
          if (answerMs !== null) timeline.at(timeline.now() + answerMs, () => resolve(carried));
        };
        const arrive = async () => {
          const dealt = deal();
          if (dealt instanceof Promise) giveUp();
          const answer = await dealt;
          goBack(spoilt ? { arrived: false } : { arrived: true, answer });
        };
        // Where the whole way is short nobody gives up, and nothing need be kept for it.
        if (requestMs === null ? answerMs === null : isLong(requestMs, answerMs)) giveUp();
        if (requestMs === null) goBack({ arrived: false });
        else timeline.at(timeline.now() + requestMs, () => void arrive());
      });
      function isLong(there: number, back: number | null): boolean {
        return back === null || there + back >= patienceMs;
      }
    },
  };
}
