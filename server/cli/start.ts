import {
  createProgram,
  createSay,
  exitCodes,
  processStreams,
  startProgram,
} from '../lib/command-line';
import { UsageError } from '../lib/usage-error';
import { createSandbox } from '../sandbox/create-sandbox';
import type { Sandbox } from '../sandbox/create-sandbox';
import { startServer } from '../server';
import type { RunningServer } from '../server';
import { setUpDemoShop } from './demo-shop';
import { buildH5IfNeeded } from './h5-build';

/**
 * `npm start`: everything on one machine with nothing to configure: the simulated platforms, the BFF
 * connected to them, and the H5 client. Settings in the environment win over the sandbox's.
 */

const DEFAULT_PORT = 3000;

const say = createSay(process.env);

function printLine(text: string): void {
  processStreams.out(`${text}\n`);
}

/** @throws UsageError */
function readPort(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new UsageError(say({ 'zh-CN': `${name} 不是端口号`, en: `${name} is not a port` }));
}

/** Switches on all that the product can do; the environment may say otherwise. */
const allFeatures = {
  LOGIN: 'wechat',
  PAYMENT: 'wechatpay',
  CARDS: 'shingsou,dakashi',
  DEVICES: 'mxchip',
};

/** @throws UsageError in production */
function assertNotProduction(): void {
  if (process.env.NODE_ENV !== 'production') return;
  const text = {
    'zh-CN': 'npm start 运行模拟平台；生产环境请用 npm run start:server',
    en: 'npm start runs simulated platforms; in production use npm run start:server',
  };
  throw new UsageError(say(text));
}

async function startSandbox(port: number, host: string): Promise<Sandbox & { url: string }> {
  const sandbox = createSandbox({
    dataFile: process.env.SANDBOX_DATA ?? './data/sandbox.json',
    onError: (error) => {
      processStreams.err(`sandbox: ${String(error)}\n`);
    },
  });
  const { url } = await sandbox.listen(port, host);
  return { ...sandbox, url };
}

function stopOnSignal(server: RunningServer, sandbox: Sandbox): void {
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void server
      .close()
      .then(() => sandbox.close())
      .then(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

async function start({ build }: { build: boolean }): Promise<void> {
  assertNotProduction();
  const host = process.env.HOST ?? '127.0.0.1';
  const port = readPort('PORT', DEFAULT_PORT);
  const sandboxPort = readPort('SANDBOX_PORT', port === 0 ? 0 : port + 1);
  if (build) await buildH5IfNeeded(say, printLine);
  const sandbox = await startSandbox(sandboxPort, host);
  const environment = {
    LOG_LEVEL: 'warn',
    DATABASE_URL: 'sqlite:./data/liuka.db',
    ...sandbox.settings(),
    ...allFeatures,
    ...process.env,
    HOST: host,
    PORT: String(port),
  };
  const server = await startServer(environment).catch(async (error: unknown) => {
    await sandbox.close();
    throw error;
  });
  await setUpDemoShop({
    sandboxUrl: sandbox.url,
    bffUrl: server.url,
    databaseUrl: environment.DATABASE_URL,
    clock: Date.now,
  });
  printAddresses(server.url, sandbox.url);
  stopOnSignal(server, sandbox);
}

function printAddresses(serverUrl: string, sandboxUrl: string): void {
  const lines = [
    { 'zh-CN': `流卡已启动：${serverUrl}`, en: `Liuka is running:        ${serverUrl}` },
    {
      'zh-CN': `模拟平台：  ${sandboxUrl}/sandbox`,
      en: `Simulated platforms:     ${sandboxUrl}/sandbox`,
    },
    { 'zh-CN': `接口文档：  ${serverUrl}/docs`, en: `API documentation:       ${serverUrl}/docs` },
    { 'zh-CN': '按 Ctrl+C 停止', en: 'Stop with Ctrl+C' },
  ];
  printLine('');
  for (const line of lines) printLine(say(line));
}

function describeFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const text = say({ 'zh-CN': `未能启动：${message}`, en: `Could not start: ${message}` });
  const isPortTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  if (!isPortTaken) return text;
  const hint = {
    'zh-CN': '请把 PORT 和 SANDBOX_PORT 设为空闲端口，例如 PORT=4000 npm start',
    en: 'Set PORT and SANDBOX_PORT to free ports, for instance PORT=4000 npm start',
  };
  return `${text}\n${say(hint)}`;
}

const program = createProgram({
  name: 'npm start --',
  summary:
    'Starts the simulated platforms, the BFF connected to them, and the H5 client. HOST, PORT (3000), SANDBOX_PORT (PORT + 1) and SANDBOX_DATA (./data/sandbox.json) say where; any setting of the BFF can be set, too.',
  examples: ['npm start', 'PORT=4000 npm start'],
  exits: ['0 stopped by a signal', '1 could not start', '2 wrong usage or settings'],
})
  .option('--no-build', 'do not build the H5 client first')
  .action(async (options: { build: boolean }) => {
    try {
      await start(options);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      processStreams.err(`${describeFailure(error)}\n`);
      process.exit(exitCodes.failed);
    }
  });

startProgram(program);
