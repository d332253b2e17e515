/** In WeChat nothing is simulated. */
export function simulatedWeChat(): string | undefined {
  return undefined;
}
