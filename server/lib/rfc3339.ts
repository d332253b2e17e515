/** An instant of ours (epoch ms) as the contract writes it: RFC 3339, UTC. */
export function rfc3339(instant: number): string {
  return new Date(instant).toISOString();
}
