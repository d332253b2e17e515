import { parseCardNumber } from '@shared/card-number';

/** What the app was launched for: a known card, or a number to look up. */
export type LaunchTarget = { kind: 'card'; cardId: string } | { kind: 'number'; number: string };

/**
 * Reads the launch parameters of the home page: `cardId` (from links of the app itself), `number`, or `q`,
 * in which WeChat passes the complete URL of an ordinary QR code (developers.weixin.qq.com,
 * 扫普通链接二维码打开小程序).
 * @param params the parameters, decoded once
 * @returns undefined if they contain no card
 */
export function readLaunchTarget(
  params: Readonly<Record<string, string | undefined>>,
): LaunchTarget | undefined {
  if (params.cardId) return { kind: 'card', cardId: params.cardId };
  const text = params.number ?? params.q;
  const number = text === undefined ? undefined : parseCardNumber(text);
  return number && { kind: 'number', number: number.value };
}
