/** An exception to a rule says why it is one: `// eslint-disable-next-line rule -- because …`. */
export const describedDisables = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { undescribed: 'Say why after `--`: {{directive}} … -- the reason' },
  },
  create(context) {
    return {
      Program() {
        for (const comment of context.sourceCode.getAllComments()) {
          const text = comment.value.trim();
          const directive = /^eslint-disable(-next-line|-line)?\b/.exec(text)?.[0];
          if (directive === undefined || / -- \S/.test(text)) continue;
          context.report({ loc: comment.loc, messageId: 'undescribed', data: { directive } });
        }
      },
    };
  },
};
