/**
 * The simulated WeChat a demonstration runs against: its origin, which the BFF writes into the page it
 * serves; undefined on a page that is not a demonstration.
 */
export function simulatedWeChat(): string | undefined {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="liuka-demo-wechat"]');
  return meta?.content.replace(/\/+$/, '') || undefined;
}
