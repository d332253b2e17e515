import { ApiError } from '@client/api/api-error';
import { afterFailedRelease } from './release-flow';

function apiError(code: ApiError['code'], status = 409): ApiError {
  return new ApiError({ code, status, title: '标题', detail: '说明' });
}

test.each([
  ['no network', apiError('client.offline', 0)],
  ['no answer in time', apiError('client.timeout', 0)],
  ['an answer that is none', apiError('client.unreadable', 502)],
  ['a fault of the BFF', apiError('internal.error', 500)],
  ['a platform that did not answer', apiError('device.outcome_unknown', 503)],
  ['anything unforeseen', new TypeError('x')],
])('after %s it is not known whether the device was taken away', (_case, error) => {
  expect(afterFailedRelease(error)).toEqual({ at: 'unknown' });
});

test('where other people hold it now, the warning is read again', () => {
  const step = afterFailedRelease(apiError('device.holders_changed'));
  expect(step).toEqual({ at: 'warning', changed: true });
});

test.each(['card.possession_required', 'platform.unavailable', 'device.unbind_refused'] as const)(
  'after %s nothing was done, and it can be tried again',
  (code) => {
    const fault = apiError(code);
    expect(afterFailedRelease(fault)).toEqual({ at: 'proof', fault });
  },
);
