import { spawn } from 'node:child_process';
import type { LocalizedText } from '@shared/language';
import type { Streams } from '../../lib/command-line';
import { PlatformUnavailable } from '../../platforms/ports';
import { createAuthorization } from '../../platforms/shingsou/authorization';
import type { Authorization } from '../../platforms/shingsou/authorization';
import { createUpstreamHttp } from '../../platforms/upstream-http';
import type { ShingsouAccount } from '../../settings/accounts';
import { exitCodes } from '../operations/help';
import { startCallbackServer } from './callback-server';
import type { CallbackServer } from './callback-server';

export interface AuthorizeOptions {
  /** Permissions to request, separated by spaces. */
  scope: string;
  /** Port of the callback; 0 takes a free one. */
  port: number;
  timeoutMs: number;
  /** Opens the address in a browser. */
  open: boolean;
  /** Prints the token itself. */
  showToken: boolean;
}

export interface AuthorizeContext {
  account: ShingsouAccount;
  streams: Streams;
  say: (text: LocalizedText) => string;
}

type TokenResult = Awaited<ReturnType<Authorization['exchange']>>;

/**
 * Obtains a token with the authorization code grant, by the consent of the person at the browser.
 * @returns the exit code
 * @throws Error if the port is taken
 */
export async function authorize(
  context: AuthorizeContext,
  options: AuthorizeOptions,
): Promise<number> {
  const { account, say } = context;
  const http = createUpstreamHttp({ platform: 'shingsou', origin: account.idsUrl });
  const callbackServer = await startCallbackServer(options.port, say);
  try {
    const authorization = createAuthorization({ ...account, http });
    return await runFlow(context, options, { authorization, callbackServer });
  } catch (error) {
    if (!(error instanceof PlatformUnavailable)) throw error;
    const text = {
      'zh-CN': `没有可用的应答，授权码可能已作废：${error.message}`,
      en: `No usable answer; the code may be used up: ${error.message}`,
    };
    context.streams.err(`${say(text)}\n`);
    return exitCodes.unknown;
  } finally {
    await callbackServer.close();
    await http.close();
  }
}

interface FlowParts {
  authorization: Authorization;
  callbackServer: CallbackServer;
}

async function runFlow(
  context: AuthorizeContext,
  options: AuthorizeOptions,
  { authorization, callbackServer }: FlowParts,
): Promise<number> {
  const { streams, say } = context;
  const { redirectUri } = callbackServer;
  const state = authorization.newState();
  const url = authorization.authorizeUrl({ redirectUri, scope: options.scope, state });
  const prompt = {
    'zh-CN': '请在浏览器中打开并同意授权',
    en: 'Open this in a browser and consent',
  };
  streams.out(`${say(prompt)}:\n${url}\n`);
  if (options.open) openBrowser(url);

  const callback = await callbackServer.wait(state, options.timeoutMs);
  if ('timedOut' in callback) return fail(context, timeoutText(options.timeoutMs / 1000));
  if ('error' in callback) return fail(context, errorText(callback.error));
  const result = await authorization.exchange(
    { code: callback.code, state },
    { state, redirectUri },
  );
  return report(context, options, result);
}

function fail({ streams, say }: AuthorizeContext, text: LocalizedText): number {
  streams.err(`${say(text)}\n`);
  return exitCodes.refused;
}

function timeoutText(seconds: number): LocalizedText {
  return {
    'zh-CN': `${seconds} 秒内没有收到回调，已放弃；可用 --timeout 延长`,
    en: `No callback within ${seconds} s: gave up. --timeout waits longer`,
  };
}

function errorText(error: string): LocalizedText {
  if (error === 'access_denied') {
    return { 'zh-CN': '授权被拒绝', en: 'The authorization was denied' };
  }
  // It comes from the address bar: only what RFC 6749 allows is printed.
  const code = error.replace(/[^\w.-]/g, '').slice(0, 60);
  return { 'zh-CN': `平台拒绝授权：${code}`, en: `The platform refused: ${code}` };
}

function report(
  context: AuthorizeContext,
  { scope, showToken }: AuthorizeOptions,
  result: TokenResult,
): number {
  if (result.outcome === 'refused') {
    return fail(context, {
      'zh-CN': '授权码无效或已过期',
      en: 'The authorization code is invalid or expired',
    });
  }
  const { streams, say } = context;
  const { value, expiresIn } = result.token;
  const lines: LocalizedText[] = [
    { 'zh-CN': '已取得令牌', en: 'Token obtained' },
    { 'zh-CN': `权限：${scope}`, en: `scope: ${scope}` },
    { 'zh-CN': `有效期：${expiresIn} 秒`, en: `expires in: ${expiresIn} s` },
  ];
  for (const line of lines) streams.out(`${say(line)}\n`);
  if (showToken) streams.out(`${say({ 'zh-CN': `令牌：${value}`, en: `token: ${value}` })}\n`);
  return exitCodes.done;
}

/** Best effort: the address is on the terminal, too. */
function openBrowser(url: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
