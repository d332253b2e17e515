/** Style sheets run in WeChat's older web views too, which do not know the newest notations. */
export default {
  extends: ['stylelint-config-standard-scss'],
  ignoreFiles: ['dist/**', 'node_modules/**', '.artifacts/**'],
  reportNeedlessDisables: true,
  reportDescriptionlessDisables: true,
  rules: {
    'media-feature-range-notation': 'prefix',
    'declaration-block-no-redundant-longhand-properties': [true, { ignoreShorthands: ['inset'] }],
    // `page` is what WeChat calls a page's root, `taro-…` what Taro's tab bar is made of.
    'selector-type-no-unknown': [true, { ignoreTypes: ['page', '/^taro-/'] }],
    // Ours are kebab-case; those of Taro and weui have underscores too.
    'selector-class-pattern': '^[a-z][a-z0-9]*([-_]+[a-z0-9]+)*$',
    // Inside functions a length of zero keeps its unit, or the sum is invalid.
    'length-zero-no-unit': [true, { ignoreFunctions: ['calc', 'env', 'max', 'min', 'var'] }],
    // Sections of a style sheet follow the page, not the weight of their selectors.
    'no-descending-specificity': null,
  },
};
