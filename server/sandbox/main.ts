import { createProgram, createSay, processStreams, startProgram } from '../lib/command-line';
import { UsageError } from '../lib/usage-error';
import { createSandbox } from './create-sandbox';

/** `npm run sandbox`: the simulated platforms alone. */

const DEFAULT_PORT = '3001';

const say = createSay(process.env);

/** @throws UsageError */
function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(
    say({ 'zh-CN': `SANDBOX_PORT 不是端口号：${text}`, en: `SANDBOX_PORT is not a port: ${text}` }),
  );
}

/** @throws UsageError in production */
function assertNotProduction({ NODE_ENV }: NodeJS.ProcessEnv): void {
  if (NODE_ENV !== 'production') return;
  const refused = {
    'zh-CN': '沙箱是模拟平台，不能在生产环境（NODE_ENV=production）运行。',
    en: 'The sandbox simulates platforms and payments; it does not run with NODE_ENV=production.',
  };
  throw new UsageError(say(refused));
}

function callbackUrl(bff: string): string {
  return new URL('/api/v1/notifications/dakashi', bff).href;
}

async function start(environment: NodeJS.ProcessEnv): Promise<void> {
  assertNotProduction(environment);
  const { SANDBOX_PORT, HOST, SANDBOX_DATA, SANDBOX_SEED, SANDBOX_BFF_URL } = environment;
  const port = readPort(SANDBOX_PORT || DEFAULT_PORT);
  const sandbox = createSandbox({
    ...(SANDBOX_DATA && { dataFile: SANDBOX_DATA }),
    ...(SANDBOX_SEED && { seed: SANDBOX_SEED }),
    ...(SANDBOX_BFF_URL && { dakashiCallbackUrl: callbackUrl(SANDBOX_BFF_URL) }),
    onError: (error) => {
      processStreams.err(`${error instanceof Error ? error.message : String(error)}\n`);
    },
  });
  const { url } = await sandbox.listen(port, HOST || '127.0.0.1');
  const end = () => void sandbox.close().then(() => process.exit(0));
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
  const started = {
    'zh-CN': `沙箱已启动：${url}/sandbox`,
    en: `The simulated platforms are running: ${url}/sandbox`,
  };
  processStreams.out(`${say(started)}\n`);
}

const program = createProgram({
  name: 'npm run sandbox --',
  summary:
    'Starts the simulated platforms: 旭宇, 大卡师, 庆科, WeChat and WeChat Pay, on one port. They are controlled at /sandbox.',
  examples: [
    'npm run sandbox',
    'SANDBOX_PORT=4001 SANDBOX_DATA=./data/sandbox.json npm run sandbox',
  ],
  exits: ['0 stopped by a signal', '1 could not start', '2 wrong usage or settings'],
})
  .addHelpText(
    'after',
    `
Settings (environment variables):
  HOST             address to listen on (127.0.0.1)
  SANDBOX_PORT     port to listen on (3001)
  SANDBOX_DATA     JSON file that keeps the state; without it the state is in memory
  SANDBOX_SEED     what cards and credentials are generated from
  SANDBOX_BFF_URL  origin of the BFF that 大卡师 calls back`,
  )
  .action(() => start(process.env));

startProgram(program);
