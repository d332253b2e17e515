import { createSandbox } from './create-sandbox';

/**
 * The command line of the sandbox: `SANDBOX_PORT`, `HOST`, `SANDBOX_DATA`, `SANDBOX_SEED`, and
 * `SANDBOX_BFF_URL`, the origin of the BFF that 大卡师 calls back, which has it configured at the vendor.
 */

const DEFAULT_PORT = '3001';

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  return fail(`SANDBOX_PORT 不是端口号 (not a port): ${text}`);
}

function callbackUrl(bff: string): string {
  return new URL('/api/v1/notifications/dakashi', bff).href;
}

function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function main(environment: NodeJS.ProcessEnv): Promise<void> {
  const { NODE_ENV, SANDBOX_PORT, HOST, SANDBOX_DATA, SANDBOX_SEED, SANDBOX_BFF_URL } = environment;
  if (NODE_ENV === 'production') {
    fail(
      '沙箱是模拟平台，不能在生产环境运行 (NODE_ENV=production)。\n' +
        'The sandbox simulates platforms and payments; it does not run with NODE_ENV=production.',
    );
  }
  const port = readPort(SANDBOX_PORT || DEFAULT_PORT);
  const sandbox = createSandbox({
    ...(SANDBOX_DATA ? { dataFile: SANDBOX_DATA } : {}),
    ...(SANDBOX_SEED ? { seed: SANDBOX_SEED } : {}),
    ...(SANDBOX_BFF_URL ? { dakashiCallbackUrl: callbackUrl(SANDBOX_BFF_URL) } : {}),
    onError: (error) => process.stderr.write(`${errorMessage(error)}\n`),
  });
  const { url } = await sandbox.listen(port, HOST || '127.0.0.1');
  const end = () => void sandbox.close().then(() => process.exit(0));
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  process.stdout.write(`沙箱已启动 (the simulated platforms): ${url}/sandbox\n`);
}

main(process.env).catch((error: unknown) => {
  fail(`沙箱未能启动 (the sandbox did not start): ${errorMessage(error)}`);
});
