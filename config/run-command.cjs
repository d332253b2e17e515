/**
 * Runs a command of package.json: `node config/run-command.cjs <name> [arguments]`. In a checkout with its
 * development packages the source is run, so that edits take effect at once; after `npm prune --omit=dev`
 * the bundle is run that `npm run build` wrote.
 */
const { existsSync } = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');

/** `usage` is what is typed; `bundled`: it is also in `dist/server`, for production. */
const commands = {
  start: {
    usage: 'npm start',
    summary: 'simulated platforms, BFF and H5 client together',
    source: 'server/cli/start.ts',
    bundled: false,
  },
  dev: {
    usage: 'npm run dev',
    summary: 'as `npm start`, and follows changes of server and H5 client',
    source: 'server/cli/dev.ts',
    bundled: false,
  },
  main: {
    usage: 'npm run start:server',
    summary: 'the built BFF alone, for production',
    source: 'server/main.ts',
    bundled: true,
  },
  sandbox: {
    usage: 'npm run sandbox',
    summary: 'the simulated platforms alone',
    source: 'server/sandbox/main.ts',
    bundled: false,
  },
  staff: {
    usage: 'npm run staff -- add <name>',
    summary: 'adds a staff account',
    source: 'server/cli/staff.ts',
    bundled: true,
  },
  db: {
    usage: 'npm run db -- migrate|check|copy|backup|restore',
    summary: 'migrates, checks, copies, backs up or restores the database',
    source: 'server/cli/db.ts',
    bundled: true,
  },
  doctor: {
    usage: 'npm run doctor',
    summary: 'checks settings, platforms, database and public address',
    source: 'server/cli/doctor.ts',
    bundled: true,
  },
  conformance: {
    usage: 'npm run conformance -- --platform <name>',
    summary: 'compares a real platform with what its adapter expects',
    source: 'server/cli/conformance.ts',
    bundled: true,
  },
  shingsou: {
    usage: 'npm run shingsou -- <operation>|authorize',
    summary: 'calls an operation of 旭宇, or obtains a token by a person’s consent',
    source: 'server/cli/shingsou.ts',
    bundled: true,
  },
  dakashi: {
    usage: 'npm run dakashi -- <operation>',
    summary: 'calls an operation of 大卡师',
    source: 'server/cli/dakashi.ts',
    bundled: true,
  },
  mxchip: {
    usage: 'npm run mxchip -- <operation>',
    summary: 'calls an operation of 庆科',
    source: 'server/cli/mxchip.ts',
    bundled: true,
  },
  faults: {
    usage: 'npm run faults',
    summary: 'runs schedules of faults, simulated or with real processes',
    source: 'server/testing/faults/cli.ts',
    bundled: false,
  },
  'faults-planted': {
    usage: 'npm run faults:planted',
    summary: 'shows which schedule of faults catches each planted bug',
    source: 'server/testing/faults/planted/cli.ts',
    bundled: false,
  },
  bench: {
    usage: 'npm run bench',
    summary: 'compares the BFF with a bare HTTP server',
    source: 'server/testing/bench/cli.ts',
    bundled: false,
  },
};

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
  if (!Object.hasOwn(commands, name)) {
    fail(`There is no command ${name}. Commands: ${Object.keys(commands).join(', ')}`);
  }
  const { source, bundled } = commands[name];
  const loader = name === 'main' ? undefined : findLoader();
  const bundle = path.join(root, 'dist/server', `${name}.js`);
  if (loader !== undefined) {
    require(loader);
    require(path.join(root, source));
  } else if (!bundled) {
    fail('This command needs the development packages: run npm ci');
  } else if (existsSync(bundle)) {
    require(bundle);
  } else {
    fail(`dist/server/${name}.js does not exist: run npm ci && npm run build first`);
  }
}

module.exports = { commands };

if (require.main === module) {
  const [node, script, name = '', ...args] = process.argv;
  process.argv = [node, script, ...args];
  run(name);
}
