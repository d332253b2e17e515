import type { DeviceRoute } from '@shared/contract/devices';
import type { Handlers } from '../contract/handlers';
import { ApiError } from '../lib/api-error';
import type { Devices } from './devices';

/** Devices over HTTP; without a platform for them, every route says so. */
export function deviceHandlers(configured: Devices | undefined): Pick<Handlers, DeviceRoute> {
  function devices(): Devices {
    if (!configured) throw new ApiError('device.not_configured');
    return configured;
  }

  return {
    'PUT /me/cards/:cardId/device': async ({ auth, params, body }) => ({
      status: 200,
      body: await devices().service.bind(auth.userId, params.cardId, body.deviceId),
    }),
    'DELETE /me/cards/:cardId/device': async ({ auth, params }) => {
      await devices().service.unbind(auth.userId, params.cardId);
      return { status: 204 };
    },
    'GET /devices/:deviceId': async ({ auth, params }) => ({
      status: 200,
      body: await devices().service.view(auth.userId, params.deviceId),
    }),
    'GET /devices/:deviceId/users': async ({ auth, params, language }) => ({
      status: 200,
      body: { items: await devices().service.users(auth.userId, params.deviceId, language) },
    }),
    'DELETE /devices/:deviceId/binding': async ({ auth, params, query }) => {
      const { service } = devices();
      const releasedUsers = await service.release(auth.userId, params.deviceId, query.confirm);
      return { status: 200, body: { releasedUsers } };
    },
    'GET /support/devices/:deviceId': async ({ params, ...actor }) => ({
      status: 200,
      body: await devices().staff.view(actor, params.deviceId),
    }),
    'PUT /support/cards/:cardId/device': async ({ params, body, ...actor }) => ({
      status: 200,
      body: await devices().staff.bind(actor, params.cardId, body.deviceId),
    }),
    'DELETE /support/cards/:cardId/device': async ({ params, ...actor }) => {
      await devices().staff.unbind(actor, params.cardId);
      return { status: 204 };
    },
    'POST /support/devices/:deviceId/releases': async ({ params, body, ...actor }) => {
      const releasedUsers = await devices().staff.release(actor, params.deviceId, body);
      return { status: 200, body: { releasedUsers } };
    },
  };
}
