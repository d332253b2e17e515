/** WeChat does not expose the setting. */
export function prefersReducedMotion(): boolean {
  return false;
}
