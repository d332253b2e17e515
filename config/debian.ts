import { spawnSync } from 'node:child_process';

/**
 * Installs Debian's packages.
 *
 * @param describeFailure makes the message that says what to do, from what went wrong
 * @throws Error with that message
 */
export function installDebianPackages(
  packages: readonly string[],
  describeFailure: (reason: string) => string,
): void {
  aptGet(['update'], describeFailure);
  aptGet(['install', '--yes', '--no-install-recommends', ...packages], describeFailure);
}

function aptGet(args: readonly string[], describeFailure: (reason: string) => string): void {
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const [command = 'apt-get', ...rest] = [...sudo, 'apt-get', ...args];
  const { status, error } = spawnSync(command, rest, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (error) throw new Error(describeFailure(error.message));
  if (status !== 0) throw new Error(describeFailure(`apt-get ${args[0] ?? ''} failed`));
}
