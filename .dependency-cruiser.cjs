/** Dependencies run one way: client -> shared <- server; in the server from the top of `layers` down. */

const TESTS = ['\\.test\\.tsx?$', '/testing/'];
/** The one command that runs the product and the simulated platforms in one process. */
const SIDE_BY_SIDE = '^server/cli/start\\.ts$';
const BUILT_IN_AND_PACKAGES = ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg'];

/** The server's folders, top to bottom: each may import what is below it, and never what is above. */
const layers = [
  ['main.ts', 'cli/'],
  ['testing/'],
  ['server.ts', 'services.ts'],
  ['conformance/', 'connect-platforms.ts'],
  ['http/'],
  ['metrics/'],
  ['support/'],
  ['reconciliation/'],
  ['notifications/'],
  ['checkout/'],
  ['fulfilment/'],
  ['deliveries/'],
  ['payments/'],
  ['refunds/'],
  ['orders/'],
  ['devices/'],
  ['catalogue/'],
  ['prices/'],
  ['cards/'],
  ['accounts/', 'tokens/'],
  ['alerts/'],
  ['platforms/'],
  ['contract/'],
  ['jobs/'],
  ['store/'],
  ['settings/'],
  ['lib/'],
];

function pathsOf(folders) {
  return folders.map((folder) => `^server/${folder.replace('.', '\\.')}`);
}

/** A rule for each layer: it imports nothing of the layers above. */
const layerRules = layers.slice(1).map((folders, index) => ({
  name: `${folders[0].replace(/\W/g, '')}-imports-nothing-above`,
  severity: 'error',
  from: { path: pathsOf(folders), pathNot: TESTS },
  to: { path: pathsOf(layers.slice(0, index + 1).flat()), pathNot: TESTS },
}));

module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'client-knows-no-server',
      severity: 'error',
      from: { path: '^client/', pathNot: TESTS },
      to: { path: '^server/' },
    },
    {
      name: 'server-knows-no-client',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^client/' },
    },
    {
      name: 'shared-knows-neither-side',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(client|server|config)/' },
    },
    {
      name: 'sandbox-knows-no-product',
      comment: 'Two implementations of a protocol prove something only while they are independent.',
      severity: 'error',
      from: { path: '^server/sandbox/' },
      // Its command line is one of ours.
      to: { path: '^server/(?!sandbox/)', pathNot: '^server/lib/(command-line|usage-error)\\.ts$' },
    },
    {
      name: 'product-knows-no-sandbox',
      severity: 'error',
      from: { path: '^server/(?!sandbox/)', pathNot: [...TESTS, SIDE_BY_SIDE] },
      to: { path: '^server/sandbox/' },
    },
    {
      name: 'platforms-know-only-the-ports',
      severity: 'error',
      from: { path: '^server/platforms/([^/]+)/', pathNot: TESTS },
      to: {
        path: '^server/',
        // What platforms share (ports, HTTP, tokens) lies directly in `platforms/`.
        pathNot: [
          '^server/lib/',
          '^server/platforms/([^/]+\\.ts$|ports/)',
          '^server/platforms/$1/',
        ],
      },
    },
    {
      name: 'no-platform-among-what-platforms-share',
      severity: 'error',
      from: { path: '^server/platforms/[^/]+\\.ts$', pathNot: TESTS },
      to: { path: '^server/(?!lib/|platforms/([^/]+\\.ts$|ports/))' },
    },
    {
      name: 'subjects-know-only-the-ports',
      comment: 'Which platform is behind a port is decided at the composition root alone.',
      severity: 'error',
      from: { path: '^server/(?!platforms/|sandbox/|cli/)[^/]+/', pathNot: TESTS },
      to: { path: '^server/platforms/(?!ports/)[^/]+/' },
    },
    {
      name: 'only-handlers-know-http',
      comment: 'A subject’s rules, queries and services work without a request.',
      severity: 'error',
      from: {
        path: '^server/(?!http/|sandbox/|cli/)[^/]+/',
        pathNot: [...TESTS, '-(routes|handlers)\\.ts$'],
      },
      to: { path: '^server/http/|node_modules/(@types/)?(@koa/|koa)' },
    },
    {
      name: 'rules-do-no-io',
      severity: 'error',
      from: {
        path: '^(server/orders/order-state\\.ts|shared/(?!contract/).*)$',
        pathNot: TESTS,
      },
      to: { dependencyTypes: BUILT_IN_AND_PACKAGES },
    },
    {
      name: 'contract-needs-zod-alone',
      severity: 'error',
      from: { path: '^shared/contract/', pathNot: TESTS },
      to: { dependencyTypes: BUILT_IN_AND_PACKAGES, pathNot: 'node_modules/zod/' },
    },
    {
      name: 'no-schemas-in-the-client',
      comment:
        'zod is larger than a page of the mini-program: the client takes types, nothing else.',
      severity: 'error',
      from: { path: '^(client/|shared/(?!contract/))', pathNot: TESTS },
      to: {
        path: '^shared/contract/|node_modules/zod/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'production-needs-production-packages',
      comment: 'The server runs after `npm prune --omit=dev`.',
      severity: 'error',
      from: { path: '^(server|shared)/', pathNot: [...TESTS, SIDE_BY_SIDE] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'production-needs-no-tests',
      severity: 'error',
      from: {
        path: '^(client|server|shared)/',
        pathNot: TESTS,
      },
      to: { path: TESTS },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.(s?css|png|svg|json|html)$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.cjs', '.json'],
    },
    cache: { folder: '.cache/dependency-cruiser', strategy: 'content' },
  },
};
