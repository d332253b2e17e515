import { z } from 'zod';
import { beijingDate, beijingDateTime } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import { packageState, usageOf } from '../card-usage';
import { categories, productsFor } from '../seed/products';
import type { HeldPackage, SimCard } from '../state';
import type { Simulator } from '../simulator';
import { networkStates } from './card-switching';
import { forgottenProduct, withOddPackages, withOddPrices, withOddProducts } from './odd-values';
import { notesOf } from './flow-card-changes';
import { defineOperation, pageOf, pageRequest, type GatewayOperation } from './operation';
import { errorReply, type Reply } from './reply';

const operatorNames: Readonly<Record<SimCard['carrier'], string>> = {
  mobile: '移动',
  telecom: '电信',
  unicom: '联通',
};

/** The minimum length of an ICCID suffix in a search. */
const MIN_SUFFIX_LENGTH = 10;

const cardNo = z.string().min(1).max(32);

const flowCard = ({ iccid, accessNumber, carrier }: SimCard) => ({
  iccid,
  accessNo: accessNumber,
  operator: operatorNames[carrier],
});

/** A card as the list shows it, with the merchant's notes. */
function describeListedCard(simulator: Simulator, card: SimCard) {
  const { remark, tags, categoryId } = notesOf(simulator, card);
  return { ...flowCard(card), remark, tags, categoryId };
}

function describeStatus(simulator: Simulator, { iccid, carrierCode }: SimCard) {
  const direction = simulator.state.shingsou.switching[iccid];
  return { status: carrierCode, networkState: direction ? networkStates[direction] : null };
}

const packageStates = { current: 1, expired: 2, queued: 3 } as const;

const describeHeldPackage = (held: HeldPackage, now: number) => ({
  productId: held.productId,
  name: held.name,
  volumeMb: held.volumeMb,
  startTime: beijingDateTime(held.from),
  endTime: beijingDateTime(held.until),
  state: packageStates[packageState(held, now)],
});

function describeUsage(card: SimCard, now: number) {
  const { countedAt, ...volumes } = usageOf(card, now);
  return { ...volumes, updatedAt: beijingDateTime(countedAt) };
}

function describeCard({ now, state }: Simulator, card: SimCard) {
  const packages = card.packages.map((held) => describeHeldPackage(held, now()));
  return {
    ...flowCard(card),
    realName: card.realName,
    expireTime: card.expiresAt === null ? null : beijingDate(card.expiresAt),
    packages: state.faults.oddElements ? withOddPackages(packages) : packages,
  };
}

function matches(keyword: string) {
  const wanted = keyword.toUpperCase();
  return ({ iccid, accessNumber }: SimCard) =>
    accessNumber === wanted || (wanted.length >= MIN_SUFFIX_LENGTH && iccid.endsWith(wanted));
}

function describeProducts({ state }: Simulator, card: SimCard) {
  const { oddElements, oddPrices } = state.faults;
  const priced = productsFor(card).map(({ priceFen, ...product }) => ({
    ...product,
    price: formatYuan(fen(priceFen)),
  }));
  const listed = oddPrices ? withOddPrices(priced) : priced;
  return [...(oddElements ? withOddProducts(listed) : listed), forgottenProduct(card)];
}

/** 物联卡 (flow cards), and the packages on sale for one. */
export function cardOperations(simulator: Simulator): GatewayOperation[] {
  const byCard =
    (handler: (card: SimCard) => unknown) =>
    (request: { cardNo: string }): Reply => {
      const card = simulator.cards.find(request.cardNo.toUpperCase());
      return card ? { data: handler(card) } : errorReply('NotFound', '流量卡不存在');
    };
  const refusable =
    (fault: 'cardStatusRefused' | 'cardUsageRefused', handler: (card: SimCard) => unknown) =>
    (request: { cardNo: string }): Reply =>
      simulator.state.faults[fault]
        ? errorReply('UnprocessableEntity', '无权调用此接口')
        : byCard(handler)(request);
  const get = { method: 'get', request: { cardNo } } as const;
  return [
    defineOperation({
      method: 'get',
      path: '/cards/FlowCard',
      permission: 'iot.cardservice.flowcard.get',
      request: { keyword: z.string().min(1).max(32), ...pageRequest },
      handler: ({ keyword, ...page }) => {
        const { total, items } = pageOf(simulator.cards.all.filter(matches(keyword)), page);
        return { data: { total, items: items.map((card) => describeListedCard(simulator, card)) } };
      },
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/Detail',
      permission: 'iot.cardservice.flowcard.detail',
      handler: byCard((card) => describeCard(simulator, card)),
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/Data',
      permission: 'iot.cardservice.flowcard.data',
      handler: refusable('cardUsageRefused', (card) => describeUsage(card, simulator.now())),
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/Status',
      permission: 'iot.cardservice.flowcard.status',
      handler: refusable('cardStatusRefused', (card) => describeStatus(simulator, card)),
    }),
    defineOperation({
      ...get,
      path: '/payment/Product/Categories',
      permission: 'iot.paymentservice.all',
      handler: byCard(({ categoryIds }) =>
        categories
          .filter(({ id }) => categoryIds.includes(id))
          .map(({ id, name }) => ({ id, name })),
      ),
    }),
    defineOperation({
      ...get,
      path: '/payment/Product',
      permission: 'iot.paymentservice.all',
      handler: byCard((card) => describeProducts(simulator, card)),
    }),
  ];
}
