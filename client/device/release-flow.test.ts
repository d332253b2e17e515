import { ApiError } from '@client/api/api-error';
import { afterFailedRelease } from './release-flow';

function apiError(code: ApiError['code'], status = 409): ApiError {
  return new ApiError({ code, status, title: '标题', detail: '说明' });
}

test.each([
  ['no network', apiError('client.offline', 0)],
  ['a timeout', apiError('client.timeout', 0)],
  ['an unreadable response', apiError('client.unreadable', 502)],
  ['an internal error of the BFF', apiError('internal.error', 500)],
  ['a platform that did not respond', apiError('device.outcome_unknown', 503)],
  ['an unexpected error', new TypeError('x')],
])('after %s it is unknown whether the device was released', (_case, error) => {
  expect(afterFailedRelease(error)).toEqual({ at: 'unknown' });
});

test('if the users have changed, the warning is shown again', () => {
  const step = afterFailedRelease(apiError('device.holders_changed'));
  expect(step).toEqual({ at: 'warning', changed: true });
});

test.each(['card.possession_required', 'platform.unavailable', 'device.unbind_refused'] as const)(
  'after %s the device was not released, and the user can try again',
  (code) => {
    const error = apiError(code);
    expect(afterFailedRelease(error)).toEqual({ at: 'proof', error });
  },
);
