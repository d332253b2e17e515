import { createDakashiClient } from '../testing/dakashi-client';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let sandbox: TestSandbox;
let dakashi: ReturnType<typeof createDakashiClient>;

/** Calls about one card have to keep an interval. */
const waitInterval = () => new Promise((resolve) => setTimeout(resolve, 30));

beforeAll(async () => {
  sandbox = await startSandbox();
  dakashi = createDakashiClient(sandbox);
});
afterAll(() => sandbox.close());
beforeEach(waitInterval);

const code = async (path: string, fields: Record<string, unknown> = {}) =>
  (await dakashi.call(path, fields)).errcode;

const SERIAL = '87000001';
const inMemberInfo = { serial_no: SERIAL };

describe('a request is accepted', () => {
  test('in either dialect, and answered in the same one', async () => {
    const older = await dakashi.call('member/info', inMemberInfo);
    await waitInterval();
    const id = sandbox.settings.DAKASHI_CLIENT_ID;
    const changed = { ...inMemberInfo, client_id: undefined, app_id: id };
    const later = await dakashi.call('member/info', changed);
    expect(older.data).toEqual({
      ...(later.data as object),
      total_data_value: (later.data as { resources_count: string }).resources_count,
    });
    expect(later.data).toMatchObject({
      serial_no: SERIAL,
      sim_status: '1',
      resources_count: expect.any(String) as string,
      used_res_count: expect.any(Number) as number,
    });
  });

  test.each([
    ['another account', { client_id: 'iot0' }, 55001],
    ['a stale time stamp', { timestamp: 1_487_560_009 }, 55006],
    ['no time stamp', { timestamp: undefined }, 55006],
    ['another signature', { sign: 'E1F082F33F77A749D90631862A122A624ED04542' }, 55004],
    ['a signature in lower case', { sign: 'e1f082f33f77a749d90631862a122a624ed04542' }, 55004],
    ['no signature', { sign: null }, 55004],
  ])('unless it has %s', async (_name, fields, errcode) => {
    expect(await code('member/info', { ...inMemberInfo, ...fields })).toBe(errcode);
  });

  test('unless its content was changed after signing', async () => {
    const body = { ...(await dakashi.signRequest(inMemberInfo)), serial_no: '87000002' };
    expect((await dakashi.post('member/info', body)).body).toEqual({
      errcode: 55004,
      errmsg: '签名有误',
    });
  });

  test('unless it follows another about the same card too soon', async () => {
    const body = await dakashi.signRequest(inMemberInfo);
    const many = Array.from({ length: 20 }, () => dakashi.post('member/info', body));
    const codes = (await Promise.all(many)).map(
      (answer) => (answer.body as { errcode: number }).errcode,
    );
    expect(new Set(codes)).toEqual(new Set([0, 55012]));
  });

  test.each(['{"serial_no"', '[]', '"text"'])('but not if its body is %j', async (body) => {
    expect(await dakashi.post('member/info', body)).toMatchObject({
      status: 200,
      body: { errcode: 50000 },
    });
  });

  test('and every response has the time', async () => {
    const { headers } = await dakashi.post('user/info', {});
    const reply = Date.parse(headers.get('date') ?? '');
    expect(Math.abs(reply - (await sandbox.now()))).toBeLessThan(3_000);
  });
});

test.each([
  ['member/info', { serial_no: '87999999' }, 55005],
  ['member/info', { serial_no: SERIAL, data_update: 2 }, 55013],
  ['recharge', { serial_no: SERIAL, product_no: 'x', effective: 0 }, 55009],
  ['recharge', { serial_no: SERIAL, product_no: '110100_1024', effective: 2 }, 55010],
  ['order/info', { order_no: '1' }, 55011],
  ['prepaid/card/info', { serial_no: '1' }, 55008],
  ['send/message', { serial_no: SERIAL, content: '', format: 0 }, 55015],
  ['member/custom_no', { serial_no: SERIAL }, 55016],
  ['member/custom_no', { serial_no: SERIAL, custom_no: 12345 }, 55017],
  ['member/custom_no', { serial_no: '87000002', custom_no: SERIAL }, 55018],
  ['member/startshut', { serial_no: SERIAL, action: 3 }, 55019],
])('%s with %j is refused with %i', async (path, fields, errcode) => {
  expect(await code(path, fields)).toBe(errcode);
});

describe('a recharge', () => {
  const fields = { serial_no: '87000003', product_no: '110100_1024', effective: 0 };
  const status = async (order_no: string | undefined) => {
    await waitInterval();
    const { data } = await dakashi.call('order/info', { order_no });
    return (data as { status: string }).status;
  };
  const balance = async () => {
    await waitInterval();
    const { data } = await dakashi.call('user/info');
    return (data as { balance: string }).balance;
  };

  test('is queued, in progress and done; then it is on the card, charged and in the ledger', async () => {
    expect(await balance()).toBe('5000.00');
    const { order_no, data } = await dakashi.call('recharge', fields);
    expect([order_no, data]).toEqual([expect.stringMatching(/^\d{24}$/), undefined]);
    expect(await status(order_no)).toBe('0');
    await sandbox.advanceClock(1.5);
    expect(await status(order_no)).toBe('1');
    await sandbox.advanceClock(2);
    expect(await status(order_no)).toBe('3');
    expect(await balance()).toBe('4997.00');
    const { body } = await sandbox.call('/sandbox/ledger');
    const card = (await sandbox.cards()).at(-4)!;
    expect((body as { deliveries: object[] }).deliveries).toEqual([
      {
        platform: 'dakashi',
        cardNumber: card.iccid,
        packageId: '110100_1024',
        at: expect.any(String) as string,
      },
    ]);
  });

  test('reactivates a stopped card through 正在开机', async () => {
    const sim = async () => {
      await waitInterval();
      const { data } = await dakashi.call('member/info', { serial_no: '87000003' });
      return (data as { sim_status: string }).sim_status;
    };
    expect(await sim()).toBe('4');
    await sandbox.advanceClock(5);
    expect(await sim()).toBe('1');
  });

  test('that fails after it was accepted is not charged', async () => {
    await sandbox.setFaults({ deliveryFails: true });
    const before = await balance();
    const { order_no } = await dakashi.call('recharge', fields);
    await sandbox.advanceClock(4);
    await sandbox.setFaults({});
    expect(await status(order_no)).toBe('2');
    expect(await balance()).toBe(before);
  });

  test('takes the configured time', async () => {
    await sandbox.setFaults({ deliveryStuck: true });
    const { order_no } = await dakashi.call('recharge', fields);
    await sandbox.advanceClock(3600);
    expect(await status(order_no)).toBe('1');
    await sandbox.setFaults({});
    await sandbox.advanceClock(2);
    expect(await status(order_no)).toBe('3');
  });

  test('is refused if the balance does not cover it, with a code that the document does not have', async () => {
    await sandbox.control('PUT', 'dakashi/balance', { balanceFen: 299 });
    expect(await dakashi.call('recharge', fields)).toEqual({
      errcode: 50000,
      errmsg: '账户余额不足',
    });
    await sandbox.control('PUT', 'dakashi/balance', { balanceFen: 500_000 });
  });
});

describe('faults', () => {
  afterEach(() => sandbox.setFaults({}));
  const info = async () => dakashi.post('member/info', await dakashi.signRequest(inMemberInfo));

  test('hit every call: down, a web page, any code of the table', async () => {
    await sandbox.setFaults({ dakashiDown: true });
    expect((await info()).status).toBe(503);
    await sandbox.setFaults({ dakashiGarbage: true });
    expect((await info()).body).toContain('<html>');
    await sandbox.setFaults({ dakashiRefuses: 55003 });
    expect((await info()).body).toEqual({ errcode: 55003, errmsg: 'IP非法，接口IP白名单受限' });
    expect((await sandbox.setFaults({ dakashiRefuses: 1 })).status).toBe(400);
  });

  test('slow it down', async () => {
    await sandbox.setFaults({ dakashiSlowMs: 200 });
    const began = performance.now();
    await info();
    expect(performance.now() - began).toBeGreaterThan(190);
  });
});

test('its cards are listed after those of 旭宇, and one has an ICCID that 旭宇 has as well', async () => {
  const { body } = await sandbox.call('/sandbox/cards');
  const { items } = body as { items: { platform: string; iccid: string; serialNo?: string }[] };
  const own = items.filter(({ platform }) => platform === 'dakashi');
  expect(own).toHaveLength(6);
  expect(own[0]).toEqual({
    iccid: expect.stringMatching(/^898604\d{14}$/) as string,
    accessNumber: null,
    carrier: 'unknown',
    platform: 'dakashi',
    carrierCode: 'dakashi:1',
    serialNo: '87000001',
    customNo: '100000',
  });
  const twice = items.filter(({ iccid }) => iccid === own[5]?.iccid);
  expect(twice.map(({ platform }) => platform)).toEqual(['shingsou', 'dakashi']);
});

test('the settings connect a BFF to it', () => {
  expect(sandbox.settings).toMatchObject({
    DAKASHI_URL: sandbox.url,
    DAKASHI_DIALECT: 'seed',
    DAKASHI_CLIENT_ID: expect.stringMatching(/^iot[0-9a-f]{20}$/) as string,
    DAKASHI_CLIENT_SECRET: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
  });
});
