import { operations } from './operations';
import type { OperationName } from './operations';
import { errorTables } from './operations/errors';
import { permissions } from './operations/permissions';
import { examples } from './testing/examples';
import { startBackOfficeFixture } from './testing/back-office-fixture';
import type { BackOfficeFixture } from './testing/back-office-fixture';

const names = Object.keys(operations) as OperationName[];

let fixture: BackOfficeFixture;
beforeAll(async () => {
  fixture = await startBackOfficeFixture();
});
afterAll(() => fixture.close());

describe(`${String(names.length)} operations`, () => {
  it.each(names.map((name) => [operations[name].id, name] as const))(
    '%s succeeds over HTTP, and its answer matches the table',
    async (id, name) => {
      const { request, answer = {} } = examples[name];
      const result = await fixture.caller.call(id, await request(fixture));
      expect(result).toMatchObject({ outcome: 'done', data: answer });
    },
  );

  it('are those of the access document: 22 of 物联卡, 7 of 支付网关, 17 of Alipay, 25 of WeChat', () => {
    const ids = names.map((name) => operations[name].id);
    const ofFamily = (form: RegExp) => ids.filter((id) => form.test(id)).length;
    expect(new Set(ids).size).toBe(71);
    expect([
      ofFamily(/^(?:datacard|flowcard)-/),
      ofFamily(/^(?:order|payment|product)-/),
      ofFamily(/^alipay-/),
      ofFamily(/^wechatpay-/),
    ]).toEqual([22, 7, 17, 25]);
  });

  it('each have a unique method and path', () => {
    const addresses = names.map((name) => `${operations[name].method} ${operations[name].path}`);
    expect(new Set(addresses).size).toBe(names.length);
  });

  it('each name a permission that the configured scope covers', () => {
    const required = Object.values(operations).map(({ permission }) => permission);
    const unlisted = required.filter((one) => !(one in permissions));
    expect(unlisted.every((one) => /^iot\.payment\.(?:alipay|wechatpay)\.[a-z]+$/.test(one))).toBe(
      true,
    );
    expect(unlisted).toHaveLength(40);
  });

  it('return exactly the error codes of the access document', async () => {
    expect(await fixture.callSuccessfully('flowCardCodes', {})).toEqual(errorTables.flowCard);
    expect(await fixture.callSuccessfully('dataCardCodes', {})).toEqual(errorTables.dataCard);
    expect(await fixture.callSuccessfully('orderCodes', {})).toEqual(errorTables.global);
    expect(await fixture.callSuccessfully('paymentCodes', {})).toEqual(errorTables.global);
  });

  it('that change nothing use GET', () => {
    const reads = Object.values(operations).filter(({ changes }) => !changes);
    expect(reads.every(({ method }) => method === 'GET')).toBe(true);
  });
});
