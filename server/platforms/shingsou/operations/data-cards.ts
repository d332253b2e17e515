import { z } from 'zod';
import { megabytesOrNull, nameText } from '../../answer-fields';
import {
  cardNo,
  cardNos,
  consignee,
  count,
  errorCodes,
  pagedList,
  localTime,
  page,
  reference,
} from './fields';
import { readOperation, certainty, writeOperation } from './operation';
import type { Operation } from './operation';

const dataCardNo = cardNo.describe('Number of a 充值卡');

/** A 充值卡: a voucher for a package. No answer contains the code that redeems it. */
const dataCard = z.object({
  cardNo: dataCardNo,
  batchNo: reference,
  productId: reference,
  name: nameText,
  volumeMb: megabytesOrNull,
  state: z.int().describe('0 unused, 1 used, 2 frozen'),
  consignee: reference.nullable().describe('The current owner; null while it is ours'),
  expireTime: localTime,
  createdAt: localTime,
});

/** Service 2, 物联卡: 充值卡. */
export const dataCardOperations = {
  dataCards: {
    ...readOperation,
    id: 'datacard-get',
    title: '充值卡 - 列表',
    permission: 'iot.cardservice.datacard.get',
    path: '/cards/DataCard',
    request: z.object({
      cardNo: dataCardNo.optional(),
      batchNo: reference.optional(),
      ...page,
    }),
    answer: pagedList(dataCard),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  dataCardHistory: {
    ...readOperation,
    id: 'datacard-history',
    title: '充值卡 - 充值记录',
    permission: 'iot.cardservice.datacard.history',
    path: '/cards/DataCard/History',
    request: z.object(page),
    answer: pagedList(
      z.object({
        cardNo: dataCardNo,
        iccid: z.string().max(32),
        productId: reference,
        volumeMb: megabytesOrNull,
        usedAt: localTime,
      }),
    ),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  transferDataCards: {
    ...writeOperation,
    id: 'datacard-transfer',
    title: '充值卡 - 批量划卡',
    permission: 'iot.cardservice.datacard.transfer',
    path: '/cards/DataCard/Transfer',
    request: z.object({ consignee, cardNos: cardNos.describe('Numbers of 充值卡') }),
    answer: z.object({ transferNo: reference, count }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  generateDataCards: {
    ...writeOperation,
    id: 'datacard-generate',
    title: '充值卡 - 制卡',
    permission: 'iot.cardservice.datacard.generate',
    path: '/cards/DataCard/Generate',
    request: z.object({
      productId: reference,
      quantity: z.int().min(1).describe('At most 99,999,999 a day'),
      expireTime: localTime.describe('YYYY-MM-DD HH:mm:ss, in the future'),
    }),
    answer: z.object({
      batchNo: reference,
      quantity: count,
      firstCardNo: dataCardNo,
      lastCardNo: dataCardNo,
    }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  dataCardCodes: {
    ...readOperation,
    id: 'datacard-codes',
    title: '充值卡 - 错误码表',
    permission: 'iot.cardservice.all',
    path: '/cards/DataCard/Codes',
    request: z.object({}),
    answer: errorCodes,
    certainty: certainty('ASSUMED', 'INFERRED'),
  },
} as const satisfies Record<string, Operation>;
