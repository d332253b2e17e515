import { z } from 'zod';
import { beijingDateTime } from '@shared/beijing-time';
import { readCardStatus } from '@shared/carrier-status';
import type { SimCard } from '../state';
import { derive, type Simulator } from '../simulator';
import { cardCodes } from './error-tables';
import { defineOperation, newestFirst, pageRequest, type GatewayOperation } from './operation';
import { errorReply, type Reply } from './reply';

const types = [
  { id: '1', name: '月清零' },
  { id: '2', name: '累计' },
] as const;

export const cardCategories = [
  { id: '11', typeId: '1', name: '电信 - 月清零' },
  { id: '12', typeId: '1', name: '移动 - 月清零' },
  { id: '13', typeId: '1', name: '联通 - 月清零' },
  { id: '21', typeId: '2', name: '电信 - 累计' },
] as const;

/** Made-up locations of the devices. */
const places = [
  { address: '浙江省杭州市西湖区', longitude: 120.13, latitude: 30.26 },
  { address: '广东省深圳市南山区', longitude: 113.93, latitude: 22.53 },
  { address: '四川省成都市武侯区', longitude: 104.04, latitude: 30.64 },
] as const;

const toDegrees = (value: number) => Math.round(value * 1e6) / 1e6;

/** The location of a card, while it is online. */
function locate(simulator: Simulator, card: SimCard): Reply {
  const { code } = readCardStatus(card.carrier, card.carrierCode);
  if (code !== 'active' && code !== 'testing')
    return errorReply('NotFound', '卡片不在网，无法定位');
  const drawn = Number.parseInt(
    derive(simulator.state.seed, `place ${card.iccid}`).slice(0, 8),
    16,
  );
  const place = places[drawn % places.length] ?? places[0];
  const offset = ((drawn >> 4) % 1000) / 50_000;
  return {
    data: {
      iccid: card.iccid,
      longitude: toDegrees(place.longitude + offset),
      latitude: toDegrees(place.latitude - offset),
      address: place.address,
      locatedAt: beijingDateTime(simulator.now()),
    },
  };
}

function tagsInUse(simulator: Simulator) {
  const counts = new Map<string, number>();
  for (const { tags } of Object.values(simulator.state.shingsou.notes)) {
    for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => ({ name, count }));
}

const FLOW_CARD = 'iot.cardservice.flowcard';

/** 流量卡: records, categories and locations. */
export function flowCardRecords(simulator: Simulator): GatewayOperation[] {
  const get = { method: 'get' } as const;
  return [
    defineOperation({
      ...get,
      path: '/cards/FlowCard/TransferHistory',
      permission: `${FLOW_CARD}.transferhistory`,
      request: pageRequest,
      handler: (page) => {
        const { total, items } = newestFirst(simulator.state.shingsou.cardTransfers, page);
        const shown = items.map((one) => ({ ...one, createdAt: beijingDateTime(one.createdAt) }));
        return { data: { total, items: shown } };
      },
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/ImportHistory',
      permission: `${FLOW_CARD}.importhistory`,
      request: pageRequest,
      handler: (page) => {
        const { total, items } = newestFirst(simulator.state.shingsou.imports, page);
        const shown = items.map((one) => ({ ...one, createdAt: beijingDateTime(one.createdAt) }));
        return { data: { total, items: shown } };
      },
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/Types',
      permission: `${FLOW_CARD}.types`,
      request: {},
      handler: () => ({ data: types }),
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/Categories',
      permission: `${FLOW_CARD}.categories`,
      request: { typeId: z.string().optional() },
      handler: ({ typeId }) => ({
        data: cardCategories.filter((one) => typeId === undefined || one.typeId === typeId),
      }),
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/Tags',
      permission: `${FLOW_CARD}.tags`,
      request: {},
      handler: () => ({ data: tagsInUse(simulator) }),
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/Codes',
      permission: 'iot.cardservice.all',
      request: {},
      handler: () => ({ data: cardCodes }),
    }),
    defineOperation({
      ...get,
      path: '/cards/FlowCard/Location',
      permission: `${FLOW_CARD}.location`,
      request: { cardNo: z.string().min(1).max(32) },
      handler: ({ cardNo }) => {
        const card = simulator.cards.find(cardNo.toUpperCase());
        return card ? locate(simulator, card) : errorReply('NotFound', '流量卡不存在');
      },
    }),
  ];
}
