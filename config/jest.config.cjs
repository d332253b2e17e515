const path = require('node:path');

const rootDir = path.join(__dirname, '..');

/** One compiler for every suite; types are checked by `tsc`, not here. */
const swc = [
  '@swc/jest',
  {
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'commonjs' },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: true, decorators: false },
      transform: { react: { runtime: 'automatic' } },
    },
  },
];

/** These ship as ES modules only, and Jest loads CommonJS. */
const esmOnly = ['@tarojs', '@nutui', '@tanstack', 'lodash-es', 'uuidv7'];

function project(displayName, testEnvironment, testMatch, extra = {}) {
  return {
    displayName,
    rootDir,
    testEnvironment,
    testMatch: testMatch.map((glob) => `<rootDir>/${glob}`),
    transform: { '\\.[cm]?[jt]sx?$': swc },
    // What was built is tested as it is.
    transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`, '<rootDir>/dist/'],
    moduleFileExtensions: ['ts', 'tsx', 'js', 'cjs', 'mjs', 'jsx', 'json', 'node'],
    moduleNameMapper: {
      '^@shared/(.*)$': '<rootDir>/shared/$1',
      '^@client/(.*)$': '<rootDir>/client/$1',
    },
    ...extra,
  };
}

module.exports = {
  rootDir,
  // Two cores are the machine this is tuned for: the browser suite takes one by itself.
  maxWorkers: 2,
  testTimeout: 20_000,
  projects: [
    project('server', 'node', ['server/**/*.test.ts', 'shared/**/*.test.ts']),
    project('client', 'jsdom', ['client/**/*.test.ts', 'client/**/*.test.tsx'], {
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/client/testing/'],
      // `import './index.scss'` means nothing to a unit test.
      moduleNameMapper: {
        '\\.(css|scss)$': '<rootDir>/config/jest-empty-module.cjs',
        '\\.(png|svg)$': '<rootDir>/config/jest-empty-module.cjs',
        '^@shared/(.*)$': '<rootDir>/shared/$1',
        '^@client/(.*)$': '<rootDir>/client/$1',
      },
    }),
    project('build', 'node', ['client/testing/*.test.ts', 'config/*.test.ts']),
    project('weapp', '<rootDir>/client/testing/weapp/environment.ts', [
      'client/testing/weapp/**/*.test.ts',
    ]),
    project('h5', 'node', ['client/testing/h5/**/*.test.ts']),
  ],
};
