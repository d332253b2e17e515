/**
 * The origin of the simulated WeChat, which the BFF writes into the page of a demonstration; undefined if
 * the page is not a demonstration.
 */
export function simulatedWeChat(): string | undefined {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="liuka-demo-wechat"]');
  return meta?.content.replace(/\/+$/, '') || undefined;
}
