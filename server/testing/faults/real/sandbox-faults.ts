import type { Prng } from '../simulated/prng';

type Switches = Readonly<Record<string, unknown>>;

/** The faults of the platforms by name, as switches of the sandbox (server/sandbox/faults.ts). */
const sandboxFaults: Readonly<Record<string, (prng: Prng) => Switches>> = {
  'token server down': () => ({ tokenServerDown: true }),
  'token revoked': () => ({ revokeToken: true }),
  'platform down': () => ({ gatewayDown: true }),
  'platform slow': (prng) => ({ gatewaySlowMs: prng.between(20, 600) }),
  'platform answers garbage': () => ({ garbage: true }),
  'order carried out, unanswered': () => ({ paymentPostTimeout: true }),
  'prepayment carried out, unanswered': () => ({ appletPayTimeout: true }),
  'login refused': () => ({ loginBlocked: true }),
  'WeChat busy': () => ({ wechatBusy: true }),
  'WeChat Pay down': () => ({ wechatpayDown: true }),
  'WeChat Pay slow': (prng) => ({ wechatpaySlowMs: prng.between(20, 600) }),
  'WeChat Pay answers garbage': () => ({ wechatpayGarbage: true }),
  'WeChat Pay mute': () => ({ wechatpayMute: true }),
  'WeChat Pay signs with its certificate': () => ({ wechatpayCertificate: true }),
  'WeChat Pay leaves errors unsigned': () => ({ unsignedErrors: true }),
  'wrong amount taken': () => ({ wrongAmount: true }),
  'payment taken twice': () => ({ doublePayment: true }),
  'no balance for refunds': () => ({ refundNotEnough: true }),
  'refunds refused': () => ({ refundRefused: true }),
  'refunds do not arrive': () => ({ refundAbnormal: true }),
  'no balance for packages': () => ({ agentBalanceShort: true }),
  'deliveries fail': () => ({ deliveryFails: true }),
  'deliveries stuck': () => ({ deliveryStuck: true }),
  'deliveries at once': () => ({ deliverySeconds: 0 }),
  'notifications lost': () => ({ loseNotifications: true }),
  'notifications doubled': () => ({ doubleNotifications: true }),
  'notifications overtake': () => ({ reorderNotifications: true }),
  'signature probes': () => ({ signatureProbes: true }),
  'notifications forged': () => ({ forgedNotifications: true }),
  'notifications stale': () => ({ staleNotifications: true }),
};
const names = Object.keys(sandboxFaults) as [string, ...string[]];

/** Draws the simultaneous faults of a round: mostly few, sometimes none, so that orders also succeed. */
export function drawSandboxFaults(prng: Prng): { names: string[]; switches: Switches } {
  const drawn = new Set<string>();
  const count = prng.weighted({ 0: 3, 1: 3, 2: 2, 3: 1 });
  while (drawn.size < Number(count)) drawn.add(prng.pick(names));
  const switches = [...drawn].map((name) => sandboxFaults[name]?.(prng) ?? {});
  return { names: [...drawn], switches: Object.assign({}, ...switches) as Switches };
}
