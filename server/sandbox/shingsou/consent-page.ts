import type { Context } from 'koa';
import { html, sendPage } from '../pages/html';

const consentStyle = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f7; --panel: #fff; --ink: #15201e; --quiet: #5b6b68; --line: #e2e8e6; --accent: #08695e;
  --on-accent: #fff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1413; --panel: #171e1c; --ink: #e5edeb; --quiet: #9badaa; --line: #2a3432;
    --accent: #5fdcc9; --on-accent: #0f1413;
  }
}
* { box-sizing: border-box; margin: 0; }
body {
  background: var(--ground); color: var(--ink); min-height: 100vh; display: grid; place-items: center;
  padding: 24px 16px;
  font: 16px/1.6 -apple-system, BlinkMacSystemFont, "PingFang SC", "Microsoft YaHei",
    "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
}
main {
  width: 100%; max-width: 420px; display: grid; gap: 16px; padding: 24px;
  background: var(--panel); border: 1px solid var(--line); border-radius: 14px;
}
h1 { font-size: 20px; line-height: 1.4; }
p { color: var(--quiet); font-size: 14px; }
ul { padding-left: 20px; }
li { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 14px; overflow-wrap: anywhere; }
nav { display: grid; grid-template-columns: 1fr 1fr; gap: 12px; }
a {
  display: flex; align-items: center; justify-content: center; min-height: 48px; border-radius: 10px;
  border: 1px solid var(--line); color: inherit; text-decoration: none;
}
a.approve { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
a:focus-visible { outline: 3px solid #2f7cf6; outline-offset: 2px; }
`;

interface Consent {
  clientId: string;
  /** Permissions requested. */
  scopes: readonly string[];
  /** Where the browser is sent to afterwards. */
  redirectUri: string;
  approveUrl: string;
  denyUrl: string;
}

/** Asks the person at the browser whether the application may have the permissions it requests. */
export function sendConsentPage(ctx: Context, consent: Consent): void {
  const { clientId, scopes, redirectUri, approveUrl, denyUrl } = consent;
  sendPage(ctx, {
    title: '授权 · 模拟的旭宇',
    style: consentStyle,
    script: '',
    framedBy: "'none'",
    body: html`<main>
      <h1>允许应用访问你的旭宇账号？</h1>
      <p>应用 ${clientId} 申请以下权限：</p>
      <ul>
        ${scopes.map((scope) => html`<li>${scope}</li>`)}
      </ul>
      <p>完成后回到 ${new URL(redirectUri).host}。这是模拟平台，不涉及真实账号。</p>
      <nav aria-label="授权">
        <a href="${denyUrl}">拒绝</a>
        <a class="approve" href="${approveUrl}">同意</a>
      </nav>
    </main>`,
  });
}
