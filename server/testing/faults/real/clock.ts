import { renameSync, writeFileSync } from 'node:fs';

/** One clock for the BFFs and the platforms, ahead of the machine's clock by as much as it was moved. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Advances the clock, in ms. Resolves when the platforms have run what was due. */
  move(ms: number): Promise<void>;
}

interface ClockParts {
  /** The file that clock-preload.ts reads in the BFFs. */
  file: string;
  /** The first instant, epoch ms. */
  start: number;
  /** Sets the clock of the platforms, epoch ms. */
  moveSandbox: (instant: number) => Promise<void>;
}

export async function startClock({ file, start, moveSandbox }: ClockParts): Promise<Clock> {
  let offset = start - Date.now();
  const now = () => Date.now() + offset;

  async function publish(): Promise<void> {
    // Renamed into place, so that a reader never sees half a number.
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
