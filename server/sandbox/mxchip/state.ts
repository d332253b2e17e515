import { z } from 'zod';

/** The state of the simulated 庆科. Instants are epoch ms in sandbox time. */
const instant = z.number();

const deviceUser = z.object({
  endUserId: z.string(),
  /** Empty if the user registered none. */
  phone: z.string(),
  email: z.string(),
  app: z.string(),
  /** 1 超级用户, 2 管理员, 3 普通用户. */
  role: z.literal([1, 2, 3]),
});
export type DeviceUser = z.infer<typeof deviceUser>;

const device = z.object({
  id: z.string(),
  mac: z.string(),
  online: z.boolean(),
  isDisabled: z.boolean(),
  productId: z.string(),
  productName: z.string(),
  activatedAt: instant,
  users: z.array(deviceUser),
});
export type Device = z.infer<typeof device>;

export const mxchipState = z.object({
  devices: z.array(device),
  /** Every token is valid until it expires; a new one does not revoke the others. */
  tokens: z.array(z.object({ value: z.string(), expiresAt: instant })),
});
export type MxchipState = z.infer<typeof mxchipState>;
