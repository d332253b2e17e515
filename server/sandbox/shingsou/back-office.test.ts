import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type TestSandbox } from '../testing/start-sandbox';

let folder: string;
let file: string;
let sandbox: TestSandbox;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'liuka-office-'));
  file = join(folder, 'state.json');
  sandbox = await startSandbox({ dataFile: file });
});
afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

test('personal data, bank accounts and merchants’ keys are not stored', async () => {
  const [card] = await sandbox.cards();
  const idNumber = '11010119900307993X';
  await sandbox.data(
    sandbox.post('/cards/FlowCard/Reality', { cardNo: card?.iccid, name: '张示例', idNumber }),
  );
  await sandbox.data(
    sandbox.post('/payment/v2/Alipay/Transfer', {
      outBizNo: 'P1',
      payeeType: 'ALIPAY_LOGONID',
      payeeAccount: 'nobody@example.com',
      payeeRealName: '李示例',
      amount: '1.00',
    }),
  );
  await sandbox.data(
    sandbox.post('/payment/v2/Alipay/Merchant', {
      name: '示例商户',
      appId: '2021000000000001',
      privateKey: 'a-private-key',
    }),
  );
  await sandbox.close();
  const kept = readFileSync(file, 'utf8');
  expect(kept).toContain('示例商户');
  for (const secret of ['张示例', idNumber, 'nobody@example.com', '李示例', 'a-private-key']) {
    expect(kept).not.toContain(secret);
  }
});

test('a state without a back office is loaded with an empty one', async () => {
  await sandbox.close();
  const { shingsou: _office, ...older } = JSON.parse(readFileSync(file, 'utf8')) as object & {
    shingsou: unknown;
  };
  writeFileSync(file, JSON.stringify(older));
  sandbox = await startSandbox({ dataFile: file });
  const page = { pageIndex: '1', pageSize: '10' };
  const history = await sandbox.data(sandbox.get('/cards/FlowCard/ImportHistory', page));
  expect(history).toEqual({ total: 0, items: [] });
});

test('a card that was being stopped is stopped after a restart', async () => {
  const [card] = await sandbox.cards();
  const cardNo = card?.iccid ?? '';
  await sandbox.data(sandbox.post('/cards/FlowCard/Network', { cardNo, action: 2 }));
  await sandbox.close();
  sandbox = await startSandbox({ dataFile: file });
  await sandbox.advanceClock(6);
  expect(await sandbox.data(sandbox.get('/cards/FlowCard/Status', { cardNo }))).toEqual({
    status: '2',
    networkState: null,
  });
});

test.each([
  ['no file', () => new FormData()],
  [
    'a file of another kind',
    () => {
      const form = new FormData();
      form.set('certificate', new File(['pem'], 'c.pem', { type: 'text/plain' }));
      return form;
    },
  ],
])('a certificate upload with %s is refused', async (_case, form) => {
  const { id } = await sandbox.data<{ id: string }>(
    sandbox.post('/payment/v2/WechatPay/Merchant', {
      name: '示例商户',
      appId: 'wx0123456789abcdef',
      mchId: '1900000001',
      apiKey: '0123456789abcdef0123456789abcdef',
    }),
  );
  const body = form();
  body.set('merchantId', id);
  const answer = sandbox.call('/payment/v2/WechatPay/UploadCert', {
    method: 'POST',
    headers: sandbox.headers(),
    body,
  });
  expect(await sandbox.errorOf(answer)).toEqual([422, 'UnprocessableEntity']);
});

test.each([
  ['put', 'iot.cardservice.flowcard.put', 'PUT', '/cards/FlowCard'],
  ['delete', 'iot.payment.alipay.deletemerchant', 'DELETE', '/payment/v2/Alipay/Merchant?id=1'],
])('%s needs its permission', async (_name, permission, method, path) => {
  const call = () =>
    sandbox.call(path, {
      method,
      headers: { 'content-type': 'application/json', ...sandbox.headers() },
      ...(method === 'PUT' && { body: JSON.stringify({ cardNo: '1' }) }),
    });
  await sandbox.authorise('iot.cardservice.flowcard.get');
  expect((await call()).status).toBe(403);
  await sandbox.authorise(permission);
  expect(await sandbox.errorOf(call())).toEqual([404, 'NotFound']);
});
