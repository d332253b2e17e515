/**
 * Runs a command of package.json: `node config/run-command.cjs <name> [arguments]`. In a checkout with its
 * development packages the source is run, so that it is never older than what was edited; after
 * `npm prune --omit=dev` the bundle that `npm run build` wrote is.
 */
const { existsSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');

/** The source of each command. Those of `bundled` are also in `dist/server`. */
const sources = {
  main: 'server/main.ts',
  start: 'server/cli/start.ts',
  dev: 'server/cli/dev.ts',
  sandbox: 'server/sandbox/main.ts',
  staff: 'server/cli/staff.ts',
  db: 'server/cli/db.ts',
  doctor: 'server/cli/doctor.ts',
  conformance: 'server/cli/conformance.ts',
  shingsou: 'server/cli/shingsou.ts',
  dakashi: 'server/cli/dakashi.ts',
  mxchip: 'server/cli/mxchip.ts',
  faults: 'server/testing/faults/cli.ts',
  'faults-planted': 'server/testing/faults/planted/cli.ts',
  bench: 'server/testing/bench/cli.ts',
};
const bundled = ['main', 'staff', 'db', 'doctor', 'conformance', 'shingsou', 'dakashi', 'mxchip'];

/** The module that loads TypeScript; undefined where the development packages are not installed. */
function findLoader() {
  try {
    return require.resolve('tsx/cjs');
  } catch {
    return undefined;
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** `main` is always the bundle: what runs in production is what was built. */
function run(name) {
  if (!Object.hasOwn(sources, name)) {
    fail(`There is no command ${name}. Commands: ${Object.keys(sources).join(', ')}`);
  }
  const loader = name === 'main' ? undefined : findLoader();
  const bundle = path.join(root, 'dist/server', `${name}.js`);
  if (loader !== undefined) {
    require(loader);
    require(path.join(root, sources[name]));
  } else if (!bundled.includes(name)) {
    fail(`This command needs the development packages: run npm ci`);
  } else if (existsSync(bundle)) {
    require(bundle);
  } else {
    fail(`dist/server/${name}.js does not exist: run npm ci && npm run build first`);
  }
}

module.exports = { sources, bundled };

if (require.main === module) {
  const [node, script, name = '', ...args] = process.argv;
  process.argv = [node, script, ...args];
  run(name);
}
