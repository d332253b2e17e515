import { z } from 'zod';
import { beijingDate, beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import { packageState, usageOf } from '../card-usage';
import { categories, productsFor } from '../seed/products';
import type { HeldPackage, SimCard } from '../state';
import type { World } from '../world';
import { networkStates } from './card-switching';
import { notesOf } from './flow-card-changes';
import { defineOperation, pageOf, pageRequest, type GatewayOperation } from './operation';
import { errorReply, type Reply } from './reply';

const operatorNames: Readonly<Record<SimCard['carrier'], string>> = {
  mobile: '移动',
  telecom: '电信',
  unicom: '联通',
};

/** A search by the end of an ICCID takes at least this many characters. */
const SHORTEST_SUFFIX = 10;

const cardNo = z.string().min(1).max(32);

const flowCard = ({ iccid, accessNumber, carrier }: SimCard) => ({
  iccid,
  accessNo: accessNumber,
  operator: operatorNames[carrier],
});

/** A card as the list shows it, with what the shop noted of it. */
function listed(world: World, card: SimCard) {
  const { remark, tags, categoryId } = notesOf(world, card);
  return { ...flowCard(card), remark, tags, categoryId };
}

function status(world: World, { iccid, carrierCode }: SimCard) {
  const direction = world.state.shingsou.switching[iccid];
  return { status: carrierCode, networkState: direction ? networkStates[direction] : null };
}

const packageStates = { current: 1, expired: 2, queued: 3 } as const;

const heldPackage = (held: HeldPackage, now: number) => ({
  productId: held.productId,
  name: held.name,
  volumeMb: held.volumeMb,
  startTime: beijingDateTime(held.from),
  endTime: beijingDateTime(held.until),
  state: packageStates[packageState(held, now)],
});

function usage(card: SimCard, now: number) {
  const { countedAt, ...volumes } = usageOf(card, now);
  return { ...volumes, updatedAt: beijingDateTime(countedAt) };
}

function detail(card: SimCard, now: number) {
  return {
    ...flowCard(card),
    realName: card.realName,
    expireTime: card.expiresAt === null ? null : beijingDate(card.expiresAt),
    packages: card.packages.map((held) => heldPackage(held, now)),
  };
}

function matches(keyword: string) {
  const wanted = keyword.toUpperCase();
  return ({ iccid, accessNumber }: SimCard) =>
    accessNumber === wanted || (wanted.length >= SHORTEST_SUFFIX && iccid.endsWith(wanted));
}

function onSale(card: SimCard) {
  return productsFor(card).map(({ priceFen, ...product }) => ({
    ...product,
    price: formatYuan(fen(priceFen)),
  }));
}

/** 物联卡 (flow cards), and the packages on sale for one. */
export function cardOperations(world: World): GatewayOperation[] {
  const byCard =
    (answer: (card: SimCard) => unknown) =>
    (request: { cardNo: string }): Reply => {
      const card = world.cards.find(request.cardNo.toUpperCase());
      return card ? { data: answer(card) } : errorReply('NotFound', '流量卡不存在');
    };
  const get = { method: 'get', request: { cardNo } } as const;
  return [
    defineOperation({
      method: 'get',
      path: '/cards/FlowCard',
      permission: 'iot.cardservice.flowcard.get',
      request: { keyword: z.string().min(1).max(32), ...pageRequest },
      answer: ({ keyword, ...page }) => {
        const { total, items } = pageOf(world.cards.all.filter(matches(keyword)), page);
        return { data: { total, items: items.map((card) => listed(world, card)) } };
      },
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/Detail',
      permission: 'iot.cardservice.flowcard.detail',
      answer: byCard((card) => detail(card, world.now())),
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/Data',
      permission: 'iot.cardservice.flowcard.data',
      answer: byCard((card) => usage(card, world.now())),
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/Status',
      permission: 'iot.cardservice.flowcard.status',
      answer: byCard((card) => status(world, card)),
    }),
    defineOperation({
      ...get,
      path: '/payment/Product/Categories',
      permission: 'iot.paymentservice.all',
      answer: byCard(({ categoryIds }) =>
        categories
          .filter(({ id }) => categoryIds.includes(id))
          .map(({ id, name }) => ({ id, name })),
      ),
    }),
    defineOperation({
      ...get,
      path: '/payment/Product',
      permission: 'iot.paymentservice.all',
      answer: byCard(onSale),
    }),
  ];
}
