import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import { shingsouNumber } from '../ids';
import { products } from '../seed/products';
import type { Simulator } from '../simulator';
import {
  findDataCard,
  madeOnDay,
  makeBatch,
  updateMark,
  markOf,
  MAX_CARDS_PER_DAY,
  numberIn,
  cardsInRange,
  type DataCard,
} from './data-card-batches';
import { cardCodes } from './error-tables';
import { localTime } from './fields';
import { defineOperation, newestFirst, pageRequest, type GatewayOperation } from './operation';
import { errorReply, cardErrorReply, type Reply } from './reply';

const productOf = ({ batch }: DataCard) => products.find(({ id }) => id === batch.productId);

function describeDataCard(simulator: Simulator, card: DataCard) {
  const { batch, cardNo } = card;
  const { consignee, used } = markOf(simulator, cardNo);
  const product = productOf(card);
  return {
    cardNo,
    batchNo: batch.batchNo,
    productId: batch.productId,
    name: product?.name ?? '',
    volumeMb: product?.volumeMb ?? 0,
    state: used ? 1 : 0,
    consignee,
    expireTime: beijingDateTime(batch.expiresAt),
    createdAt: beijingDateTime(batch.createdAt),
  };
}

interface ListRequest {
  cardNo?: string | undefined;
  batchNo?: string | undefined;
  pageIndex: number;
  pageSize: number;
}

function list(simulator: Simulator, { cardNo, batchNo, pageIndex, pageSize }: ListRequest): Reply {
  if (cardNo !== undefined) {
    const card = findDataCard(simulator, cardNo);
    return {
      data: { total: card ? 1 : 0, items: card ? [describeDataCard(simulator, card)] : [] },
    };
  }
  const batches = simulator.state.shingsou.dataCardBatches.filter(
    (one) => batchNo === undefined || one.batchNo === batchNo,
  );
  const total = batches.reduce((sum, { quantity }) => sum + quantity, 0);
  const cards = cardsInRange(batches, (pageIndex - 1) * pageSize, pageSize);
  return { data: { total, items: cards.map((card) => describeDataCard(simulator, card)) } };
}

function history(simulator: Simulator, page: { pageIndex: number; pageSize: number }): Reply {
  const uses = Object.entries(simulator.state.shingsou.dataCardMarks).flatMap(
    ([cardNo, { used }]) => {
      const product = products.find(
        ({ id }) => id === findDataCard(simulator, cardNo)?.batch.productId,
      );
      if (!used || !product) return [];
      const { id: productId, volumeMb } = product;
      const usedAt = beijingDateTime(used.at);
      return [{ cardNo, iccid: used.iccid, productId, volumeMb, usedAt }];
    },
  );
  return { data: newestFirst(uses, page) };
}

interface Generation {
  productId: string;
  quantity: number;
  expireTime: number;
}

function generate(simulator: Simulator, { productId, quantity, expireTime }: Generation): Reply {
  const now = simulator.now();
  if (expireTime <= now) return cardErrorReply('Generate_ExptimeNeedGreaterThanNow');
  if (madeOnDay(simulator, now) + quantity > MAX_CARDS_PER_DAY) {
    return cardErrorReply('Generate_MaximumOf99999999CardsPerDay');
  }
  if (!products.some(({ id }) => id === productId)) return errorReply('NotFound', '套餐不存在');
  const batchNo = shingsouNumber('ZK', now);
  const batch = makeBatch(simulator, { batchNo, productId, quantity, expiresAt: expireTime });
  const [firstCardNo, lastCardNo] = [numberIn(batch, 0), numberIn(batch, quantity - 1)];
  return { data: { batchNo, quantity, firstCardNo, lastCardNo } };
}

/** 批量划卡: transfers all of the vouchers or none; used ones cannot be transferred. */
function transfer(simulator: Simulator, numbers: readonly string[], consignee: string): Reply {
  if (numbers.length === 0) return cardErrorReply('Transfer_CardIDCanNotBeLessThanOne');
  if (!simulator.state.shingsou.accounts.includes(consignee)) {
    return cardErrorReply('Transfer_ConsigneeIsNotExists');
  }
  if (numbers.some((number) => !findDataCard(simulator, number))) {
    return errorReply('NotFound', '充值卡不存在');
  }
  if (numbers.some((number) => markOf(simulator, number).used)) {
    return errorReply('UnprocessableEntity', '充值卡已使用');
  }
  for (const number of numbers) updateMark(simulator, number, { consignee });
  return { data: { transferNo: shingsouNumber('HK', simulator.now()), count: numbers.length } };
}

const DATA_CARD = 'iot.cardservice.datacard';

/** 充值卡 (vouchers). */
export function dataCardOperations(simulator: Simulator): GatewayOperation[] {
  const number = z.string().min(1).max(32);
  return [
    defineOperation({
      method: 'get',
      path: '/cards/DataCard',
      permission: `${DATA_CARD}.get`,
      request: { cardNo: number.optional(), batchNo: number.optional(), ...pageRequest },
      handler: (request) => list(simulator, request),
    }),
    defineOperation({
      method: 'get',
      path: '/cards/DataCard/History',
      permission: `${DATA_CARD}.history`,
      request: pageRequest,
      handler: (page) => history(simulator, page),
    }),
    defineOperation({
      method: 'post',
      path: '/cards/DataCard/Transfer',
      permission: `${DATA_CARD}.transfer`,
      request: { consignee: z.string().min(1), cardNos: z.array(number).max(1000) },
      handler: ({ consignee, cardNos }) => transfer(simulator, cardNos, consignee),
    }),
    defineOperation({
      method: 'post',
      path: '/cards/DataCard/Generate',
      permission: `${DATA_CARD}.generate`,
      request: { productId: number, quantity: z.int().min(1), expireTime: localTime },
      handler: (request) => generate(simulator, request),
    }),
    defineOperation({
      method: 'get',
      path: '/cards/DataCard/Codes',
      permission: 'iot.cardservice.all',
      request: {},
      handler: () => ({ data: cardCodes }),
    }),
  ];
}
