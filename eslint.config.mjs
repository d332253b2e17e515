import js from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { describedDisables } from './config/eslint-described-disables.mjs';

const noDoubleAssertion = {
  selector: 'TSAsExpression > TSAsExpression',
  message: 'A double assertion hides what is wrong with the types.',
};
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports only, so that a thing has one name everywhere.',
};
const noLiteralSpread = {
  selector: 'ObjectExpression > SpreadElement > ObjectExpression',
  message: 'Write the properties one a line instead of spreading a literal.',
};
export default defineConfig(
  { ignores: ['dist/', 'data/', '.artifacts/', '.cache/'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { liuka: { rules: { 'described-disables': describedDisables } } },
    rules: {
      'liuka/described-disables': 'error',
      'max-lines': ['error', 400],
      // `!= null` is the short way to say neither null nor undefined.
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  js.configs.recommended,
  {
    files: ['**/*.{cjs,mjs,js}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        module: 'writable',
        require: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      // Numbers read well in a template; objects and `undefined` do not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => doIt()` where a void is wanted hides nothing.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // Card and order numbers are ASCII: taken apart by character they stay whole.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // An empty text is often as good as none: `text || fallback` says so.
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { string: true } },
      ],
      // Factories return closures; there is no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // Both have their place: an interface for a shape, a type for everything computed.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // `import { type X }` still loads the module; `import type { X }` does not.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-restricted-syntax': ['error', noDoubleAssertion, noLiteralSpread, noDefaultExport],
    },
  },
  {
    // What frameworks load by their default export.
    files: [
      'client/app.tsx',
      'client/**/index.tsx',
      'client/**/*.config.ts',
      'config/*.ts',
      'client/testing/weapp/environment.ts',
      '**/*.d.ts',
    ],
    rules: {
      'no-restricted-syntax': ['error', noDoubleAssertion, noLiteralSpread],
    },
  },
  {
    files: ['client/**/*.{ts,tsx}'],
    extends: [reactHooks.configs.flat.recommended],
  },
  {
    // Every promise of the client is handled: its rejection is shown or logged.
    files: ['client/**/*.{ts,tsx}'],
    ignores: ['client/testing/**', '**/*.test.{ts,tsx}'],
    rules: {
      'no-void': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: false }],
    },
  },
  {
    // Pages are opened by client/lib/navigation.ts, which handles a full page stack.
    files: ['client/**/*.{ts,tsx}'],
    ignores: ['client/lib/navigation.ts', 'client/testing/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['navigateTo', 'redirectTo', 'switchTab', 'reLaunch', 'navigateBack'].map(
          (property) => ({
            object: 'Taro',
            property,
            message: 'Open pages with the functions of client/lib/navigation.ts.',
          }),
        ),
      ],
    },
  },
  {
    // These speak to a terminal.
    files: [
      'server/cli/**',
      'server/sandbox/main.ts',
      'server/main.ts',
      'server/testing/bench/**',
      'config/**',
      'client/testing/**',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.test.{ts,tsx}'],
    rules: {
      // A test says what it knows; jest's matchers are loosely typed.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
);
