import { parseCardNumber } from '@shared/card-number';

/** What the app was opened with: a card it knows, or a number to look up. */
export type LaunchTarget = { kind: 'card'; cardId: string } | { kind: 'number'; number: string };

/**
 * Reads the parameters the home page was opened with: `cardId` (shared by the app itself), `number`,
 * or `q`, in which WeChat passes the whole address of an ordinary QR code
 * (developers.weixin.qq.com, 扫普通链接二维码打开小程序). Undefined where they name no card.
 * @param params decoded once
 */
export function readLaunchTarget(
  params: Readonly<Record<string, string | undefined>>,
): LaunchTarget | undefined {
  if (params.cardId) return { kind: 'card', cardId: params.cardId };
  const text = params.number ?? params.q;
  const number = text === undefined ? undefined : parseCardNumber(text);
  return number && { kind: 'number', number: number.value };
}
