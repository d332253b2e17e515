import { z } from 'zod';
import {
  dayOrNull,
  megabytesOrNull,
  nameText,
  optionalPart,
  signedMegabytes,
  timeOrNull,
} from '../../answer-fields';
import { elementsOf } from '../../elements';
import {
  cardNo,
  count,
  errorCodes,
  pagedList,
  localTime,
  page,
  reference,
  shortText,
} from './fields';
import { readOperation, certainty } from './operation';
import type { Operation } from './operation';

/** The carrier's name on the vendor's own pages. */
const operatorName = z.string().max(32).describe('移动, 电信 or 联通');

const flowCard = z.object({
  iccid: z.string().max(32),
  accessNo: cardNo.nullable().catch(null),
  operator: operatorName.catch(''),
});

const listedCard = flowCard.extend({
  remark: optionalPart(z.string().max(200).nullable()),
  tags: optionalPart(z.array(nameText).nullable()),
  categoryId: optionalPart(reference.nullable()),
});

const heldPackage = z.object({
  productId: reference,
  name: nameText,
  volumeMb: megabytesOrNull,
  startTime: timeOrNull,
  endTime: timeOrNull,
  state: z.int().describe('1 current, 2 expired, 3 not started'),
});

const named = z.object({ id: reference, name: nameText });

/** Service 2, 物联卡: queries about 流量卡. */
export const flowCardQueries = {
  flowCards: {
    ...readOperation,
    id: 'flowcard-get',
    title: '流量卡 - 列表',
    permission: 'iot.cardservice.flowcard.get',
    path: '/cards/FlowCard',
    request: z.object({
      keyword: z.string().describe('The last digits of an ICCID, or an access number'),
      ...page,
    }),
    answer: pagedList(listedCard),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  flowCardDetail: {
    ...readOperation,
    id: 'flowcard-detail',
    title: '流量卡 - 详情',
    permission: 'iot.cardservice.flowcard.detail',
    path: '/cards/FlowCard/Detail',
    request: z.object({ cardNo }),
    answer: flowCard.extend({
      realName: optionalPart(z.int().nullable()).describe(
        '1 verified, 0 unverified, null if the carrier does not report it',
      ),
      expireTime: optionalPart(dayOrNull).describe('The last day the card works'),
      packages: optionalPart(elementsOf(heldPackage, 'productId')),
    }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  flowCardData: {
    ...readOperation,
    id: 'flowcard-data',
    title: '流量卡 - 查流量',
    permission: 'iot.cardservice.flowcard.data',
    path: '/cards/FlowCard/Data',
    request: z.object({ cardNo }),
    answer: z.object({
      totalMb: megabytesOrNull,
      usedMb: megabytesOrNull,
      leftMb: signedMegabytes.describe('Negative if more was used than the package had'),
      updatedAt: localTime,
    }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  flowCardStatus: {
    ...readOperation,
    id: 'flowcard-status',
    title: '流量卡 - 查状态',
    permission: 'iot.cardservice.flowcard.status',
    path: '/cards/FlowCard/Status',
    request: z.object({ cardNo }),
    answer: z.object({
      status: z
        .string()
        .regex(/^[\w-]{1,32}$/)
        .describe("A code of the carrier's table (卡状态表)"),
      networkState: optionalPart(z.int().nullable()).describe(
        '3 正在停机, 4 正在复机 (as 大卡师 counts); else null',
      ),
    }),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  flowCardLocation: {
    ...readOperation,
    id: 'flowcard-location',
    title: '流量卡 - 定位',
    permission: 'iot.cardservice.flowcard.location',
    path: '/cards/FlowCard/Location',
    request: z.object({ cardNo }),
    answer: z.object({
      iccid: z.string().max(32),
      longitude: z.number().min(-180).max(180),
      latitude: z.number().min(-90).max(90),
      address: shortText.nullable(),
      locatedAt: localTime,
    }),
    certainty: certainty('FOUND', 'FOUND'),
  },
  flowCardTransferHistory: {
    ...readOperation,
    id: 'flowcard-transferhistory',
    title: '流量卡 - 划卡记录',
    permission: 'iot.cardservice.flowcard.transferhistory',
    path: '/cards/FlowCard/TransferHistory',
    request: z.object(page),
    answer: pagedList(
      z.object({ transferNo: reference, consignee: reference, count, createdAt: localTime }),
    ),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  flowCardImportHistory: {
    ...readOperation,
    id: 'flowcard-importhistory',
    title: '流量卡 - 导卡记录',
    permission: 'iot.cardservice.flowcard.importhistory',
    path: '/cards/FlowCard/ImportHistory',
    request: z.object(page),
    answer: pagedList(
      z.object({ importNo: reference, count, failedCount: count, createdAt: localTime }),
    ),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  flowCardTypes: {
    ...readOperation,
    id: 'flowcard-types',
    title: '流量卡 - 类目',
    permission: 'iot.cardservice.flowcard.types',
    path: '/cards/FlowCard/Types',
    request: z.object({}),
    answer: elementsOf(named),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  flowCardCategories: {
    ...readOperation,
    id: 'flowcard-categories',
    title: '流量卡 - 分类',
    permission: 'iot.cardservice.flowcard.categories',
    path: '/cards/FlowCard/Categories',
    request: z.object({ typeId: reference.optional() }),
    answer: elementsOf(named.extend({ typeId: reference })),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  flowCardTags: {
    ...readOperation,
    id: 'flowcard-tags',
    title: '流量卡 - 标签',
    permission: 'iot.cardservice.flowcard.tags',
    path: '/cards/FlowCard/Tags',
    request: z.object({}),
    answer: elementsOf(z.object({ name: nameText, count })),
    certainty: certainty('FOUND', 'INFERRED'),
  },
  flowCardCodes: {
    ...readOperation,
    id: 'flowcard-codes',
    title: '流量卡 - 错误码表',
    permission: 'iot.cardservice.all',
    path: '/cards/FlowCard/Codes',
    request: z.object({}),
    answer: errorCodes,
    certainty: certainty('ASSUMED', 'INFERRED'),
  },
} as const satisfies Record<string, Operation>;
