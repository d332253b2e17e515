/** WeChat does not tell; its own animations follow the phone's setting. */
export function prefersReducedMotion(): boolean {
  return false;
}
