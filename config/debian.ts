import { spawnSync } from 'node:child_process';

/**
 * Installs Debian's packages.
 *
 * @param explain makes the message that says what to do, from what went wrong
 * @throws Error with that message
 */
export function installDebian(
  packages: readonly string[],
  explain: (reason: string) => string,
): void {
  aptGet(['update'], explain);
  aptGet(['install', '--yes', '--no-install-recommends', ...packages], explain);
}

function aptGet(args: readonly string[], explain: (reason: string) => string): void {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const [command = 'apt-get', ...rest] = [...asRoot, 'apt-get', ...args];
  const { status, error } = spawnSync(command, rest, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (error) throw new Error(explain(error.message));
  if (status !== 0) throw new Error(explain(`apt-get ${args[0] ?? ''} failed`));
}
