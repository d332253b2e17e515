import { createSandbox } from '../sandbox/create-sandbox';
import { startServer } from '../server';
import { setUpDemoShop } from './demo-shop';
import { buildH5IfNeeded } from './h5-build';

/**
 * Everything on one machine, with nothing to configure: the simulated platforms, the BFF pointed at
 * them, and the H5 client. Settings in the environment win over the sandbox's.
 */
const DEFAULT_PORT = 3000;

function printLine(text: string): void {
  process.stdout.write(`${text}\n`);
}

function readPort(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') return fallback;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Error(`${name} is not a port: ${text}`);
}

/** Everything the product can do; the environment may say otherwise. */
const allFeatures = {
  LOGIN: 'wechat',
  PAYMENT: 'wechatpay',
  CARDS: 'shingsou,dakashi',
  DEVICES: 'mxchip',
};

async function main(): Promise<void> {
  if (process.env.NODE_ENV === 'production') {
    throw new Error('npm start runs simulated platforms; in production use npm run start:server');
  }
  const host = process.env.HOST ?? '127.0.0.1';
  const port = readPort('PORT', DEFAULT_PORT);
  const sandboxPort = readPort('SANDBOX_PORT', port === 0 ? 0 : port + 1);
  await buildH5IfNeeded(printLine);
  const sandbox = createSandbox({
    dataFile: process.env.SANDBOX_DATA ?? './data/sandbox.json',
    onError: (error) => process.stderr.write(`sandbox: ${String(error)}\n`),
  });
  const { url: sandboxUrl } = await sandbox.listen(sandboxPort, host);
  const environment = {
    ...{ LOG_LEVEL: 'warn', DATABASE_URL: 'sqlite:./data/liuka.db' },
    ...{ ...sandbox.settings(), ...allFeatures },
    ...process.env,
    ...{ HOST: host, PORT: String(port) },
  };
  const server = await startServer(environment).catch(async (error: unknown) => {
    await sandbox.close();
    throw error;
  });

  const { DATABASE_URL: databaseUrl } = environment;
  await setUpDemoShop({ sandboxUrl, bffUrl: server.url, databaseUrl, clock: Date.now });

  printLine('');
  printLine(`流卡已启动 (Liuka is running):      ${server.url}`);
  printLine(`模拟平台 (the simulated platforms): ${sandboxUrl}/sandbox`);
  printLine(`接口文档 (the API):                 ${server.url}/docs`);
  printLine('按 Ctrl+C 停止 (stop with Ctrl+C)');

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

main().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const hint = inUse
    ? '\nSet PORT and SANDBOX_PORT to free ports, for instance PORT=4000 npm start'
    : '';
  process.stderr.write(`未能启动 (could not start): ${text}${hint}\n`);
  process.exit(1);
});
