import { z } from 'zod';
import { cardNo, cardNos, consignee, count, reference, shortText } from './fields';
import { certainty, writeOperation, idempotentWrite } from './operation';
import type { Operation } from './operation';

/** The shop's own notes on a card. */
const cardLabels = {
  remark: z.string().max(200).optional(),
  tags: z.array(shortText).max(20).optional().describe('Replaces the current tags'),
  categoryId: reference.optional().describe('One of flowcard-categories'),
};

const failedCards = z.array(z.object({ cardNo: z.string().max(64), reason: shortText }));

/** Chinese identity numbers (GB 11643): 17 digits and a check character. */
const idNumber = z.string().regex(/^\d{17}[\dX]$/);

/** Service 2, 物联卡: operations that change 流量卡. */
export const flowCardChanges = {
  updateFlowCard: {
    ...idempotentWrite,
    method: 'PUT',
    id: 'flowcard-put',
    title: '流量卡 - 更新',
    permission: 'iot.cardservice.flowcard.put',
    path: '/cards/FlowCard',
    request: z.object({ cardNo, ...cardLabels }),
    answer: z.object({ iccid: z.string().max(32) }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  updateFlowCards: {
    ...idempotentWrite,
    method: 'PATCH',
    id: 'flowcard-patch',
    title: '流量卡 - 批量更新',
    permission: 'iot.cardservice.flowcard.patch',
    path: '/cards/FlowCard',
    request: z.object({ cardNos, ...cardLabels }),
    answer: z.object({ count, failed: failedCards }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  switchFlowCard: {
    ...writeOperation,
    id: 'flowcard-network',
    title: '流量卡 - 停复机',
    permission: 'iot.cardservice.flowcard.network',
    path: '/cards/FlowCard/Network',
    request: z.object({ cardNo, action: z.literal([1, 2]).describe('1 复机, 2 停机') }),
    answer: z.object({
      iccid: z.string().max(32),
      networkState: z.int().describe('3 正在停机, 4 正在复机: poll flowcard-status for the result'),
    }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  transferFlowCards: {
    ...writeOperation,
    id: 'flowcard-transfer',
    title: '流量卡 - 划卡',
    permission: 'iot.cardservice.flowcard.transfer',
    path: '/cards/FlowCard/Transfer',
    request: z.object({ consignee, cardNos }),
    answer: z.object({ transferNo: reference, count }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  importFlowCards: {
    ...writeOperation,
    id: 'flowcard-import',
    title: '流量卡 - 导卡',
    permission: 'iot.cardservice.flowcard.import',
    path: '/cards/FlowCard/Import',
    request: z.object({
      operator: z.enum(['移动', '电信', '联通']),
      categoryId: reference.optional().describe('One of flowcard-categories'),
      cards: z
        .array(z.object({ iccid: cardNo, accessNo: cardNo.optional() }))
        .min(1)
        .max(1000),
    }),
    answer: z.object({ importNo: reference, count, failed: failedCards }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  verifyRealName: {
    ...writeOperation,
    id: 'flowcard-reality',
    title: '流量卡 - 实名认证',
    permission: 'iot.cardservice.flowcard.reality',
    path: '/cards/FlowCard/Reality',
    // Personal data, passed on to the platform only. Tools neither show nor store it.
    request: z.object({
      cardNo,
      name: z
        .string()
        .regex(/^\P{Cc}{1,50}$/u)
        .meta({ sensitive: true }),
      idNumber: idNumber.meta({ sensitive: true }),
    }),
    answer: z.object({
      iccid: z.string().max(32),
      realName: z.int().describe('1 verified, 0 not'),
    }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
} as const satisfies Record<string, Operation>;
