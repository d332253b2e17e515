/** In WeChat itself nothing is simulated. */
export function simulatedWeChat(): string | undefined {
  return undefined;
}
