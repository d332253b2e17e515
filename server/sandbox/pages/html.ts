import { randomBytes } from 'node:crypto';
import type { Context } from 'koa';

/** Escaped markup. */
export interface Html {
  readonly markup: string;
}

type Value = string | number | Html | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function render(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

/** A template tag that escapes values, unless they are markup. */
export function html(parts: TemplateStringsArray, ...values: Value[]): Html {
  const markup = parts.reduce((text, part, position) => {
    const value = values[position - 1];
    return text + (value === undefined ? '' : render(value)) + part;
  });
  return { markup };
}

/** Marks our own style sheet, script or drawing as markup. */
export function trusted(markup: string): Html {
  return { markup };
}

/** JSON for a `<script type="application/json">`, where only `<` has to be escaped. */
export function json(data: unknown): Html {
  return { markup: JSON.stringify(data).replace(/</g, '\\u003c') };
}

interface Page {
  title: string;
  style: string;
  script: string;
  body: Html;
  /** Which pages may frame it, as a CSP source. */
  framedBy: '*' | "'none'";
}

/** Sends a page with a CSP that allows its own style and script only. */
export function sendPage(ctx: Context, { title, style, script, body, framedBy }: Page): void {
  const nonce = randomBytes(16).toString('base64');
  ctx.set(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; ` +
      `connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; ` +
      `frame-ancestors ${framedBy}`,
  );
  ctx.set('Cache-Control', 'no-store');
  ctx.type = 'html';
  ctx.body = html`<!doctype html>
    <html lang="zh-CN">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${trusted(style)}
        </style>
      </head>
      <body>
        ${body}
        <script nonce="${nonce}">
          ${trusted(script)};
        </script>
      </body>
    </html>`.markup;
}
