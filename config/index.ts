import { resolve } from 'node:path';
import { defineConfig } from '@tarojs/cli';
import manifest from '../package.json';

/** The part of webpack-chain that is used here. */
interface Chain {
  plugins: { delete(name: string): unknown };
}

const root = resolve(__dirname, '..');

/** Lengths are CSS pixels on both platforms, so the phone's own text size and zoom apply. */
const noPixelTransform = { pxtransform: { enable: false, config: {} } };

/** Without a terminal the progress bar is a line for each per cent: thousands of them in a log. */
function hideProgressWithoutTerminal(chain: Chain): void {
  if (!process.stdout.isTTY) chain.plugins.delete('webpackbar');
}

/** Outside `client/`, yet compiled for old phones all the same: TanStack ships today's JavaScript. */
const extraCompiledPaths = ['shared', 'node_modules/@tanstack'].map((path) => resolve(root, path));

const abortController = resolve(root, 'client/polyfills/abort-controller.ts');

/** Taro's own style sheets for browsers, and the one that does for both: without their icon font. */
const taroStylesheets = [
  '@tarojs/components-react/dist/index.css',
  '@tarojs/components/dist/taro-components/taro-components.css',
];
const browserStylesheet = resolve(root, 'client/styles/browser.scss');

/** Taro's build: one source, `dist/weapp` for WeChat and `dist/h5` for browsers. */
export default defineConfig({
  projectName: 'liuka',
  date: '2026-1-1',
  designWidth: 375,
  deviceRatio: { 375: 2, 750: 1 },
  sourceRoot: 'client',
  outputRoot: `dist/${process.env.TARO_ENV}`,
  framework: 'react',
  compiler: { type: 'webpack5', prebundle: { enable: false } },
  plugins: [],
  // Taro's minifier quotes property names, private ones (`#"x"`) included, which no browser can read.
  terser: { enable: true, config: { output: { quote_keys: false } } },
  alias: { '@client': resolve(root, 'client'), '@shared': resolve(root, 'shared') },
  defineConstants: {
    'process.env.TARO_APP_API_URL': JSON.stringify(process.env.TARO_APP_API_URL ?? ''),
    'process.env.TARO_APP_VERSION': JSON.stringify(manifest.version),
  },
  copy: {
    patterns:
      process.env.TARO_ENV === 'weapp'
        ? [{ from: 'client/theme.json', to: 'dist/weapp/theme.json' }]
        : [],
    options: {},
  },
  mini: {
    optimizeMainPackage: { enable: true },
    // Components are written so that the order of their style sheets does not matter.
    miniCssExtractPluginOption: { ignoreOrder: true },
    compile: { include: extraCompiledPaths },
    postcss: noPixelTransform,
    webpackChain(chain, webpack) {
      hideProgressWithoutTerminal(chain);
      // WeChat's runtime has no AbortController, which TanStack Query makes for every fetch.
      chain
        .plugin('abort-controller')
        .use(webpack.ProvidePlugin, [{ AbortController: [abortController, 'AbortController'] }]);
    },
  },
  h5: {
    publicPath: '/',
    staticDirectory: 'static',
    router: { mode: 'browser' },
    // Plain elements instead of web components: smaller, and ids and ARIA land on the real element.
    useHtmlComponents: true,
    // `npm run dev`: the BFF serves what is written to dist/h5; the build's own server is not used.
    devServer: {
      open: false,
      hot: false,
      liveReload: false,
      client: false,
      devMiddleware: { writeToDisk: true },
    },
    compile: { include: extraCompiledPaths },
    webpackChain(chain) {
      hideProgressWithoutTerminal(chain);
      for (const sheet of taroStylesheets) chain.resolve.alias.set(sheet, browserStylesheet);
      // What pages share is loaded once; what one page needs, with that page.
      chain.optimization.splitChunks({
        chunks: 'all',
        cacheGroups: {
          default: false,
          defaultVendors: false,
          shared: { name: 'shared', chunks: 'async', minChunks: 2, reuseExistingChunk: true },
        },
      });
    },
    output: {
      filename: 'js/[name].[contenthash:8].js',
      chunkFilename: 'js/[name].[contenthash:8].js',
    },
    miniCssExtractPluginOption: {
      ignoreOrder: true,
      filename: 'css/[name].[contenthash:8].css',
      chunkFilename: 'css/[name].[contenthash:8].css',
    },
    postcss: {
      ...noPixelTransform,
      autoprefixer: { enable: true, config: {} },
      // Would turn the names of elements into those of the web components that are not used here.
      htmltransform: { enable: false, config: { removeCursorStyle: false } },
    },
  },
});
