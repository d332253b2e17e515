import { PlatformUnavailable } from '../ports';
import {
  DEVICE_ID,
  SECRET,
  TOKEN,
  respondJson,
  respondSuccess,
  dropConnection,
  respondError,
  startScriptedMxchip,
  respondText,
} from './testing/scripted-mxchip';
import type { Handler, ScriptedMxchip } from './testing/scripted-mxchip';

let platform: ScriptedMxchip;
beforeEach(async () => {
  platform = await startScriptedMxchip();
});
afterEach(() => platform.close());

const call = (id: string) => platform.mxchip.caller.call(id, { deviceid: DEVICE_ID });

describe('a request', () => {
  it('is a form for the token, a query string for a query, and a form for a change', async () => {
    await platform.mxchip.devices.find(DEVICE_ID);
    await platform.mxchip.devices.unbind(DEVICE_ID);
    const [token, question, change] = platform.requests;
    const form = expect.stringContaining('application/x-www-form-urlencoded') as string;
    expect(token).toMatchObject({ method: 'POST', path: '/outer/token/' });
    expect(token?.headers['content-type']).toEqual(form);
    expect(Object.fromEntries(new URLSearchParams(token?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client',
      client_secret: SECRET,
    });
    expect(question).toMatchObject({ method: 'GET', path: '/outer/device/info/', body: '' });
    expect(question?.query.get('deviceid')).toBe(DEVICE_ID);
    expect(question?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(change).toMatchObject({
      method: 'PUT',
      path: '/outer/device/unbind/',
      body: `deviceid=${DEVICE_ID}`,
    });
    expect(change?.headers['content-type']).toEqual(form);
  });

  it.each(['', '../info', 'a b', 'x'.repeat(65)])(
    'is not sent with the device id %j',
    async (deviceid) => {
      const attempt = platform.mxchip.caller.call('device/info', { deviceid });
      await expect(attempt).rejects.toThrow(TypeError);
      expect(platform.requests).toEqual([]);
    },
  );
});

describe('a token', () => {
  it('is replaced once if refused, and the call is retried', async () => {
    let isFirst = true;
    platform.handlers['/outer/device/unbind/'] = (request, response) => {
      const answer = isFirst
        ? respondJson({ detail: 'no' }, 401)
        : respondSuccess({ deviceid: DEVICE_ID });
      isFirst = false;
      answer(request, response);
    };
    expect(await call('device/unbind')).toMatchObject({ outcome: 'done' });
    expect(platform.timesCalled('/outer/token/')).toBe(2);
  });

  it('is not replaced again if the new one is refused too', async () => {
    platform.handlers['/outer/device/info/'] = respondJson({ detail: 'no' }, 401);
    expect(await call('device/info')).toMatchObject({ outcome: 'unknown' });
    expect(platform.timesCalled('/outer/token/')).toBe(2);
    expect(platform.timesCalled('/outer/device/info/')).toBe(2);
  });

  it.each<[string, Handler]>([
    ['no lifetime', respondSuccess({ access_token: TOKEN, token_type: 'Bearer' })],
    [
      'a lifetime as text',
      respondSuccess({ access_token: TOKEN, token_type: 'BEARER', expires_in: '36000' }),
    ],
    [
      'HTTP 201',
      respondJson(
        {
          meta: { message: '', code: 0 },
          data: { access_token: TOKEN, token_type: 'bearer', expires_in: 36000 },
        },
        201,
      ),
    ],
  ])('is used after an answer with %s', async (_case, answer) => {
    platform.handlers['/outer/token/'] = answer;
    await call('device/info');
    expect(platform.timesCalled('/outer/device/info/')).toBe(1);
  });

  it.each<[string, Handler]>([
    ['a refusal', respondError(23010, { non_field_errors: [`wrong secret ${SECRET}`] })],
    [
      'a lifetime of zero',
      respondSuccess({ access_token: TOKEN, token_type: 'Bearer', expires_in: 0 }),
    ],
    [
      'another token type',
      respondSuccess({ access_token: TOKEN, token_type: 'mac', expires_in: 36000 }),
    ],
    [
      'a token with a line break',
      respondSuccess({ access_token: 'a\nb', token_type: 'Bearer', expires_in: 9 }),
    ],
    ['no envelope', respondJson({ access_token: TOKEN, token_type: 'Bearer', expires_in: 36000 })],
    ['a server error', respondJson({ meta: { message: '', code: 0 }, data: {} }, 500)],
  ])('is missing after an answer with %s, and no secret is reported', async (_case, answer) => {
    platform.handlers['/outer/token/'] = answer;
    const result = await call('device/unbind');
    expect(result).toMatchObject({ outcome: 'unknown' });
    expect(JSON.stringify(result)).not.toContain(SECRET);
    expect(platform.timesCalled('/outer/device/unbind/')).toBe(0);
  });
});

describe('a refusal', () => {
  it.each([
    ['a text', 'device does not exist', 'device does not exist'],
    ['texts without a field', { non_field_errors: ['Password error.'] }, 'Password error.'],
    ['texts by field', { deviceid: ['必填', '过长'] }, 'deviceid: 必填; deviceid: 过长'],
    ['nothing', null, '设备ID错误'],
    ['a long text', 'x'.repeat(5_000), 'x'.repeat(200)],
    ['control characters', 'a\u0007b', 'a b'],
  ])('is readable if its message is %s', async (_case, message, shown) => {
    platform.handlers['/outer/device/info/'] = respondError(23030, message);
    const result = await call('device/info');
    expect(result).toEqual({ outcome: 'refused', code: '23030', message: shown });
  });

  it.each([
    [23010, { state: 'absent' }],
    [23030, { state: 'absent' }],
    [23031, { state: 'disabled' }],
  ])('%i of a device query is an answer', async (code, state) => {
    platform.handlers['/outer/device/info/'] = respondError(code, '说明', 200);
    expect(await platform.mxchip.devices.find(DEVICE_ID)).toEqual(state);
  });

  it('of a holder query is an answer only if the device is unknown', async () => {
    platform.handlers['/outer/device/endusers/'] = respondError(23030);
    expect(await platform.mxchip.devices.holders(DEVICE_ID)).toBeUndefined();
    platform.handlers['/outer/device/endusers/'] = respondError(23031);
    await expect(platform.mxchip.devices.holders(DEVICE_ID)).rejects.toThrow(PlatformUnavailable);
  });

  it.each([
    [23030, 'absent'],
    [23010, 'rejected'],
    [23031, 'rejected'],
  ])('%i of an unbind request means that nothing was done', async (code, reason) => {
    platform.handlers['/outer/device/unbind/'] = respondError(code);
    const result = await platform.mxchip.devices.unbind(DEVICE_ID);
    expect(result).toMatchObject({ outcome: 'refused', reason });
  });
});

describe('unbinding is unknown, and not retried, if the answer is', () => {
  it.each<[string, Handler]>([
    ['23090, an internal error', respondError(23090, '内部错误')],
    ['23000, which is not listed', respondError(23000, 'ok', 200)],
    ['lost', dropConnection],
    ['a web page', respondText('<html></html>')],
    ['a redirect', (_, response) => response.writeHead(301, { location: '/outer/' }).end()],
    [
      'a redirect with a success envelope',
      respondJson({ meta: { message: '', code: 0 }, data: {} }, 302),
    ],
    ['a server error with a refusal in it', respondError(23030, '', 502)],
    ['one with two codes', respondText('{"meta":{"code":23030,"code":0,"message":""},"data":{}}')],
    ['about another device', respondSuccess({ deviceid: 'e22cfa2e-9752-11e6-9baf-00163e120d99' })],
  ])('%s', async (_case, answer) => {
    platform.handlers['/outer/device/unbind/'] = answer;
    const result = await platform.mxchip.devices.unbind(DEVICE_ID);
    expect(result.outcome).toBe('unknown');
    expect(platform.timesCalled('/outer/device/unbind/')).toBe(1);
  });
});

it('treats error 23090 of a query as a failed query', async () => {
  platform.handlers['/outer/device/info/'] = respondError(23090);
  await expect(platform.mxchip.devices.find(DEVICE_ID)).rejects.toThrow(PlatformUnavailable);
});

it('returns a holder with two apps once, with the stronger role', async () => {
  const person = { enduserid: 'u-1', phone: '13026500000', email: null, app: 'a-1', role: 3 };
  const other = { ...person, app: 'a-2', role: 1 };
  platform.handlers['/outer/device/endusers/'] = respondSuccess([person, other]);
  expect(await platform.mxchip.devices.holders(DEVICE_ID)).toEqual([
    { id: 'u-1', phone: '13026500000', email: null, role: 'owner' },
  ]);
});

it('warns about an unusable answer without its values', async () => {
  const row = { enduserid: 'u-1', phone: '13026500000', email: 'abc@126.com', role: '1' };
  platform.handlers['/outer/device/endusers/'] = respondSuccess([row]);
  await expect(platform.mxchip.devices.holders(DEVICE_ID)).rejects.toThrow(PlatformUnavailable);
  expect(platform.warnings).toEqual([
    'unusable answer',
    {
      operation: 'device/endusers',
      problem: 'the answer does not match its schema',
      fields: ['0.role'],
    },
  ]);
});
