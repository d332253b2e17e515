import type { DeviceRoute } from '@shared/contract/devices';
import type { Handlers } from '../contract/handlers';
import { ApiError } from '../lib/api-error';
import { bindDevice, unbindDevice } from './bind-device';
import type { DeviceContext } from './device-context';
import { releaseDeviceByUser } from './release-device';
import {
  bindDeviceByStaff,
  releaseDeviceByStaff,
  unbindDeviceByStaff,
  viewDeviceForStaff,
} from './staff-devices';
import { listDeviceUsers, viewDevice } from './view-device';

/** The context, where `devices` is undefined if no device platform is configured. */
export type OptionalDeviceContext = Omit<DeviceContext, 'devices'> & {
  devices: DeviceContext['devices'] | undefined;
};

type StaffDeviceRoute = Extract<DeviceRoute, `${string} /support/${string}`>;

/** @throws ApiError `device.not_configured` */
function requireContext(context: OptionalDeviceContext): DeviceContext {
  const { devices } = context;
  if (!devices) throw new ApiError('device.not_configured');
  return { ...context, devices };
}

/** Devices, for customers. */
export function deviceHandlers(
  context: OptionalDeviceContext,
): Pick<Handlers, Exclude<DeviceRoute, StaffDeviceRoute>> {
  const configured = () => requireContext(context);
  return {
    'PUT /me/cards/:cardId/device': async ({ auth, params, body }) => ({
      status: 200,
      body: await bindDevice(configured(), auth.userId, params.cardId, body.deviceId),
    }),
    'DELETE /me/cards/:cardId/device': async ({ auth, params }) => {
      await unbindDevice(configured(), auth.userId, params.cardId);
      return { status: 204 };
    },
    'GET /devices/:deviceId': async ({ auth, params }) => ({
      status: 200,
      body: await viewDevice(configured(), auth.userId, params.deviceId),
    }),
    'GET /devices/:deviceId/users': async ({ auth, params, language }) => ({
      status: 200,
      body: { items: await listDeviceUsers(configured(), auth.userId, params.deviceId, language) },
    }),
    'DELETE /devices/:deviceId/binding': async ({ auth, params, query: { confirm } }) => ({
      status: 200,
      body: {
        releasedUsers: await releaseDeviceByUser(
          configured(),
          auth.userId,
          params.deviceId,
          confirm,
        ),
      },
    }),
  };
}

/** Devices, for staff. */
export function staffDeviceHandlers(
  context: OptionalDeviceContext,
): Pick<Handlers, StaffDeviceRoute> {
  const configured = () => requireContext(context);
  return {
    'GET /support/devices/:deviceId': async ({ params, ...actor }) => ({
      status: 200,
      body: await viewDeviceForStaff(configured(), actor, params.deviceId),
    }),
    'PUT /support/cards/:cardId/device': async ({ params, body, ...actor }) => ({
      status: 200,
      body: await bindDeviceByStaff(configured(), actor, params.cardId, body.deviceId),
    }),
    'DELETE /support/cards/:cardId/device': async ({ params, ...actor }) => {
      await unbindDeviceByStaff(configured(), actor, params.cardId);
      return { status: 204 };
    },
    'POST /support/devices/:deviceId/releases': async ({ params, body, ...actor }) => ({
      status: 200,
      body: {
        releasedUsers: await releaseDeviceByStaff(configured(), actor, params.deviceId, body),
      },
    }),
  };
}
