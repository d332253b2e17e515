import { ApiError } from '../lib/api-error';
import { newId } from '../store/ids';
import {
  createReconciliationFixture,
  type RecordedOrder,
  type ReconciliationFixture,
} from '../testing/reconciliation-fixture';
import { dialects } from '../testing/test-stores';
import type { Actor } from '../contract/caller';
import { refundOrder, type RefundRequest } from './refund-order';

const NOON = Date.UTC(2026, 2, 14, 4);
const request: RefundRequest = { amountFen: 500, reason: '网络不稳定，部分退款' };

describe.each(dialects)('concurrent refunds by staff on %s', (dialect) => {
  let fixture: ReconciliationFixture;
  let recorded: RecordedOrder;
  let actor: Actor;
  beforeEach(async () => {
    fixture = await createReconciliationFixture(dialect, NOON);
    recorded = await fixture.addPaidOrder({ paidAt: NOON, amount: 1_800 });
    const member = { id: newId(), username: 'su', password_hash: '', created_at: NOON };
    await fixture.store
      .insertInto('staff')
      .values({ ...member, role: 'supervisor' })
      .execute();
    actor = {
      auth: { staffId: member.id, username: 'su', role: 'supervisor' },
      requestId: 'test',
      language: 'zh-CN',
    };
  });
  afterEach(() => fixture.close());

  /** Makes concurrent requests. @returns the refund number or the error code of each */
  function refundConcurrently(keys: readonly string[]): Promise<string[]> {
    return Promise.all(
      keys.map((key) =>
        refundOrder(fixture, actor, recorded.order.id, request, key).then(
          (answer) => answer.refund.number,
          (error: unknown) => {
            if (error instanceof ApiError) return error.code;
            throw error;
          },
        ),
      ),
    );
  }

  async function refundAmounts(): Promise<number[]> {
    const rows = await fixture.store.selectFrom('refunds').select('amount_fen').execute();
    return rows.map(({ amount_fen: amount }) => amount);
  }

  test('never exceed the captured amount', async () => {
    const answers = await refundConcurrently(
      Array.from({ length: 12 }, (_, index) => `another-${index}`),
    );
    const { number } = recorded.order;
    expect(answers.filter((answer) => answer.startsWith(number)).sort()).toEqual([
      `${number}R1`,
      `${number}R2`,
      `${number}R3`,
    ]);
    expect(answers.filter((answer) => answer === 'refund.too_much')).toHaveLength(9);
    expect(await refundAmounts()).toEqual([500, 500, 500]);
  });

  test('with one key make one refund, and get the same answer', async () => {
    const answers = await refundConcurrently(Array.from({ length: 8 }, () => 'the-very-same-key'));
    expect(new Set(answers)).toEqual(new Set([`${recorded.order.number}R1`]));
    expect(await refundAmounts()).toEqual([500]);
  });
});
