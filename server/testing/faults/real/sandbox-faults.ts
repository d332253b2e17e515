import type { Prng } from '../simulated/prng';

type Switches = Readonly<Record<string, unknown>>;

/** What the platforms can do wrong: the sandbox's switches (server/sandbox/faults.ts), by name. */
const sandboxFaults: Readonly<Record<string, (chance: Prng) => Switches>> = {
  'token server down': () => ({ tokenServerDown: true }),
  'token revoked': () => ({ revokeToken: true }),
  'platform down': () => ({ gatewayDown: true }),
  'platform slow': (chance) => ({ gatewaySlowMs: chance.between(20, 600) }),
  'platform answers garbage': () => ({ garbage: true }),
  'order carried out, unanswered': () => ({ paymentPostTimeout: true }),
  'prepayment carried out, unanswered': () => ({ appletPayTimeout: true }),
  'login refused': () => ({ loginBlocked: true }),
  'WeChat busy': () => ({ wechatBusy: true }),
  'WeChat Pay down': () => ({ wechatpayDown: true }),
  'WeChat Pay slow': (chance) => ({ wechatpaySlowMs: chance.between(20, 600) }),
  'WeChat Pay answers garbage': () => ({ wechatpayGarbage: true }),
  'WeChat Pay mute': () => ({ wechatpayMute: true }),
  'WeChat Pay signs with its certificate': () => ({ wechatpayCertificate: true }),
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

/** What goes wrong at once for a while: mostly little, sometimes nothing, so that orders also succeed. */
export function drawSandboxFaults(chance: Prng): { names: string[]; switches: Switches } {
  const drawn = new Set<string>();
  const count = chance.weighted({ 0: 3, 1: 3, 2: 2, 3: 1 });
  while (drawn.size < Number(count)) drawn.add(chance.pick(names));
  const switches = [...drawn].map((name) => sandboxFaults[name]?.(chance) ?? {});
  return { names: [...drawn], switches: Object.assign({}, ...switches) as Switches };
}
