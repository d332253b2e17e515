import { parseCardNumber } from '@shared/card-number';

/** What the app was launched for: a known card, or a number to look up. */
export type LaunchTarget = { kind: 'card'; cardId: string } | { kind: 'number'; number: string };

/** The other parameters as they were in the link that opened the page. */
function linkOf(params: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(params)
    .filter(([name]) => name !== 'number' && name !== 'q')
    .map(([name, value]) => `${name}=${value ?? ''}`);
  return `?${pairs.join('&')}`;
}

/**
 * Reads the launch parameters of the home page: `cardId` (from links of the app itself), `number`, `q`, in
 * which WeChat passes the complete URL of an ordinary QR code (developers.weixin.qq.com,
 * 扫普通链接二维码打开小程序), or another parameter that names a number.
 * @param params the parameters, decoded once
 * @returns undefined if they contain no card
 */
export function readLaunchTarget(
  params: Readonly<Record<string, string | undefined>>,
): LaunchTarget | undefined {
  if (params.cardId) return { kind: 'card', cardId: params.cardId };
  for (const text of [params.number, params.q, linkOf(params)]) {
    const number = text === undefined ? undefined : parseCardNumber(text);
    if (number) return { kind: 'number', number: number.value };
  }
  return undefined;
}
