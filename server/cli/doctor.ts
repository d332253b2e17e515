import { runDoctor } from './doctor/run';

const usage = `用法 (Usage): npm run doctor [-- --json]

逐项检查：平台能否连通、时钟、凭据、权限、IP 白名单、余额、数据库、公网地址。只询问，不改动。
(Looks at every configured platform, the store and the public address. It only asks.)
退出码 (exit codes): 0 正常 (well)  1 有需要处理的 (something is to be mended)  2 用法不对 (wrong usage)
`;

const argv = process.argv.slice(2);
if (argv.some((word) => word !== '--json')) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  runDoctor(argv, {
    environment: process.env,
    out: (text) => void process.stdout.write(text),
    clock: Date.now,
  })
    .then((code) => {
      process.exitCode = code;
    })
    .catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      process.stderr.write(`未完成 (failed): ${text}\n`);
      process.exitCode = 1;
    });
}
