import { ApiError } from '@client/api/api-error';
import { afterFailedRelease } from './release-flow';

function refusal(code: ApiError['code'], status = 409): ApiError {
  return new ApiError({ code, status, title: '标题', detail: '说明' });
}

test.each([
  ['no network', refusal('client.offline', 0)],
  ['no answer in time', refusal('client.timeout', 0)],
  ['an answer that is none', refusal('client.unreadable', 502)],
  ['a fault of the BFF', refusal('internal.error', 500)],
  ['a platform that did not answer', refusal('device.outcome_unknown', 503)],
  ['anything unforeseen', new TypeError('x')],
])('after %s it is not known whether the device was taken away', (_case, error) => {
  expect(afterFailedRelease(error)).toEqual({ at: 'unknown' });
});

test('where other people hold it now, the warning is read again', () => {
  const step = afterFailedRelease(refusal('device.holders_changed'));
  expect(step).toEqual({ at: 'warning', changed: true });
});

test.each(['card.possession_required', 'platform.unavailable', 'device.unbind_refused'] as const)(
  'after %s nothing was done, and it can be tried again',
  (code) => {
    const fault = refusal(code);
    expect(afterFailedRelease(fault)).toEqual({ at: 'proof', fault });
  },
);
