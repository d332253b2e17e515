import { createSandboxControls, type SandboxControls } from '../../sandbox-controls';
import { startChild } from './child-process';
import type { Bundles } from './bundles';

/** The sandbox as a process. It is never killed: its ledger is the truth. */
export interface SandboxProcess extends SandboxControls {
  /** The environment that points a BFF at it. */
  settings: Readonly<Record<string, string>>;
  /** @throws Error if it has exited by itself */
  assertAlive(): void;
  stop(): Promise<void>;
}

const LISTENS = /(http:\/\/[\w.:]+)\/sandbox/;

/** @param seed the seed of its cards and credentials */
export async function startSandbox(
  { sandbox: program }: Bundles,
  { seed, folder }: { seed: string; folder: string },
): Promise<SandboxProcess> {
  const child = startChild({
    args: [program],
    environment: { SANDBOX_PORT: '0', SANDBOX_SEED: seed },
    folder,
    ready: LISTENS,
  });
  const url = await child.ready;
  if (url === undefined) throw new Error(`the sandbox did not start:\n${child.tail()}`);
  const answer = await fetch(`${url}/sandbox/settings`);
  return {
    ...createSandboxControls(url),
    settings: (await answer.json()) as Record<string, string>,
    assertAlive: () => {
      if (child.isGone()) throw new Error(`the sandbox has ended:\n${child.tail()}`);
    },
    stop: () => child.kill(),
  };
}
