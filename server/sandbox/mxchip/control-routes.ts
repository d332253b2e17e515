import type Router from '@koa/router';
import { z } from 'zod';
import { validateBody, jsonBody } from '../request-body';
import type { DeviceStore } from './device-store';
import { makeUsers } from './seed';

const deviceChange = z.strictObject({
  online: z.boolean().optional(),
  isDisabled: z.boolean().optional(),
  /** The number of users that it is bound to. */
  users: z.int().min(0).max(20).optional(),
});

/** The control routes of 庆科's devices. */
export function mxchipControlRoutes(
  router: Router,
  { simulator, state, findDevice }: DeviceStore,
): void {
  router.get('/sandbox/devices', (ctx) => {
    ctx.body = { items: state.devices };
  });
  router.put('/sandbox/devices/:id', jsonBody(), (ctx) => {
    const device = findDevice(ctx.params.id ?? '');
    if (!device) return ctx.throw(404, 'there is no such device');
    const { users, online, isDisabled } = validateBody(ctx, deviceChange);
    device.online = online ?? device.online;
    device.isDisabled = isDisabled ?? device.isDisabled;
    if (users !== undefined) device.users = makeUsers(simulator.state.seed, device.id, users);
    ctx.body = device;
  });
  router.post('/sandbox/devices/revoke-tokens', (ctx) => {
    state.tokens = [];
    ctx.body = {};
  });
}
