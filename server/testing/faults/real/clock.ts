import { renameSync, writeFileSync } from 'node:fs';

/** One calendar for the BFFs and the platforms, ahead of the machine's by as much as it was moved. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Moves everybody on, by ms. Resolves when the platforms have done what became due. */
  move(ms: number): Promise<void>;
}

interface ClockParts {
  /** Read by the BFFs' clock-preload. */
  file: string;
  /** Where the calendar begins, epoch ms. */
  start: number;
  /** Moves the platforms to an instant, epoch ms. */
  moveSandbox: (instant: number) => Promise<void>;
}

export async function startClock({ file, start, moveSandbox }: ClockParts): Promise<Clock> {
  let offset = start - Date.now();
  const now = () => Date.now() + offset;

  async function publish(): Promise<void> {
    // Renamed into place, so that nobody ever reads half a number.
    writeFileSync(`${file}.new`, String(offset));
    renameSync(`${file}.new`, file);
    await moveSandbox(now());
  }

  await publish();
  return {
    now,
    move: async (ms) => {
      offset += ms;
      await publish();
    },
  };
}
