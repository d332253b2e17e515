import { startSandbox, type TestSandbox } from '../testing/start-sandbox';
import { isScopeCovering } from './gateway';

let sandbox: TestSandbox;
let iccid: string;

beforeAll(async () => {
  sandbox = await startSandbox();
  iccid = (await sandbox.cards())[0]?.iccid ?? '';
});
beforeEach(() => sandbox.authorise());
afterAll(() => sandbox.close());

const DETAIL = '/cards/FlowCard/Detail';

test('responses have the envelope', async () => {
  expect(await sandbox.get(DETAIL, { cardNo: iccid })).toMatchObject({
    status: 200,
    body: { code: 200, name: 'Status200OK', description: 'ok', data: { iccid } },
  });
});

test.each(['Ocp-Apim-Subscription-Key', 'Authorization'] as const)(
  'a call without %s is refused',
  async (name) => {
    const { [name]: _left, ...headers } = sandbox.headers();
    const answer = await sandbox.call(`${DETAIL}?cardNo=${iccid}`, { headers });
    expect(answer).toMatchObject({ status: 401, body: { statusCode: 401 } });
  },
);

test.each([
  ['a wrong subscription key', { 'Ocp-Apim-Subscription-Key': 'guess' }],
  ['a made-up token', { Authorization: 'Bearer guess' }],
  ['another scheme', { Authorization: 'Basic dXNlcjpwYXNz' }],
])('%s is refused', async (_case, wrong) => {
  const headers = { ...sandbox.headers(), ...wrong };
  const answer = await sandbox.call(`${DETAIL}?cardNo=${iccid}`, { headers });
  expect(answer).toMatchObject({ status: 401, body: { statusCode: 401 } });
});

test('a token without the permission is refused with 403', async () => {
  await sandbox.authorise('iot.cardservice.flowcard.get');
  const list = { keyword: iccid, pageIndex: '1', pageSize: '10' };
  expect((await sandbox.get('/cards/FlowCard', list)).status).toBe(200);
  expect(await sandbox.get(DETAIL, { cardNo: iccid })).toMatchObject({
    status: 403,
    body: { statusCode: 403 },
  });
});

test.each([
  ['iot.cardservice.all', 'iot.cardservice.flowcard.data', true],
  ['iot.cardservice.flowcard.all', 'iot.cardservice.flowcard.data', true],
  ['iot.cardservice.flowcard.data', 'iot.cardservice.flowcard.data', true],
  ['iot.paymentservice.all', 'iot.payment.wechatpay.refund', true],
  ['iot.cardservice.all', 'iot.payment.wechatpay.refund', false],
  ['iot.cardservice.flowcard.get', 'iot.cardservice.flowcard.data', false],
  ['iot.payment.wechatpay.query', 'iot.payment.wechatpay.queryall', false],
])('whether %s covers %s: %s', (scope, permission, expected) => {
  expect(isScopeCovering(scope, permission)).toBe(expected);
});

test('an unknown operation is not found, and a wrong method not allowed', async () => {
  const unknown = await sandbox.get('/cards/FlowCard/Colour', { cardNo: iccid });
  expect(unknown).toMatchObject({ status: 404, body: { statusCode: 404 } });
  const wrongVerb = await sandbox.post(DETAIL, {});
  expect(wrongVerb).toMatchObject({ status: 405, body: { statusCode: 405 } });
});

test('every operation takes an API version', async () => {
  const query = { cardNo: iccid, 'api-version': '2018-07-12' };
  expect((await sandbox.get(DETAIL, query)).status).toBe(200);
});

test.each([
  ['cut-off JSON', '{"outTradeNo":'],
  ['a bare value', '"text"'],
  ['a list', '[]'],
  ['nothing', ''],
  ['numbers for texts', '{"outTradeNo":123456}'],
  ['more than anyone sends', `{"outTradeNo":"${'9'.repeat(100_000)}"}`],
])('%s as a body is refused with 422', async (_case, body) => {
  const answer = sandbox.post('/payment/Payment', body);
  expect(await sandbox.errorOf(answer)).toEqual([422, 'UnprocessableEntity']);
});

test.each([
  ['no card number', '/cards/FlowCard/Detail', ''],
  ['a card number given twice', '/cards/FlowCard/Detail', 'cardNo=1&cardNo=2'],
  ['a page before the first', '/cards/FlowCard', 'keyword=1&pageIndex=0&pageSize=10'],
  ['a page that is no number', '/cards/FlowCard', 'keyword=1&pageIndex=one&pageSize=10'],
  ['a page of too many', '/cards/FlowCard', 'keyword=1&pageIndex=1&pageSize=101'],
])('a query with %s is refused with 422', async (_case, path, query) => {
  const answer = sandbox.call(`${path}?${query}`, { headers: sandbox.headers() });
  expect(await sandbox.errorOf(answer)).toEqual([422, 'UnprocessableEntity']);
});
