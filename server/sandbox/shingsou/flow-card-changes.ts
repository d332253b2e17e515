import { z } from 'zod';
import { shingsouNumber } from '../ids';
import type { SimCard } from '../state';
import type { Simulator } from '../simulator';
import { switchCard } from './card-switching';
import { cardCategories } from './flow-card-records';
import { importCards, importRequest } from './imports';
import type { CardNotes } from './back-office-state';
import { defineOperation, type GatewayOperation } from './operation';
import { errorReply, cardErrorReply, type Reply } from './reply';

const cardNo = z.string().min(1).max(32);
const cardNos = z.array(cardNo).max(1000);
const notesRequest = {
  remark: z.string().max(200).optional(),
  tags: z.array(z.string().min(1).max(200)).max(20).optional(),
  categoryId: z
    .string()
    .refine((id) => cardCategories.some((category) => category.id === id), '分类不存在')
    .optional(),
};
type NotesRequest = z.output<z.ZodObject<typeof notesRequest>>;

const findCard = (simulator: Simulator, number: string) =>
  simulator.cards.find(number.toUpperCase());

/** The merchant's notes on a card; empty if there are none. */
export function notesOf(simulator: Simulator, { iccid }: SimCard): CardNotes {
  const notes = simulator.state.shingsou.notes[iccid];
  return notes ?? { remark: null, tags: [], categoryId: null, consignee: null };
}

function updateNotes(simulator: Simulator, card: SimCard, changes: Partial<CardNotes>): void {
  simulator.state.shingsou.notes[card.iccid] = { ...notesOf(simulator, card), ...changes };
}

/** The changes of a request; fields that it does not name stay. */
function changesIn({ remark, tags, categoryId }: NotesRequest): Partial<CardNotes> {
  return {
    ...(remark !== undefined && { remark }),
    ...(tags !== undefined && { tags }),
    ...(categoryId !== undefined && { categoryId }),
  };
}

function updateAll(
  simulator: Simulator,
  numbers: readonly string[],
  changes: Partial<CardNotes>,
): Reply {
  const failed: { cardNo: string; reason: string }[] = [];
  for (const number of numbers) {
    const card = findCard(simulator, number);
    if (card) updateNotes(simulator, card, changes);
    else failed.push({ cardNo: number, reason: '流量卡不存在' });
  }
  return { data: { count: numbers.length - failed.length, failed } };
}

/** 划卡: transfers all of the cards or none. */
function transfer(simulator: Simulator, numbers: readonly string[], consignee: string): Reply {
  const { accounts, cardTransfers } = simulator.state.shingsou;
  if (numbers.length === 0) return cardErrorReply('Transfer_CardIDCanNotBeLessThanOne');
  if (!accounts.includes(consignee)) return cardErrorReply('Transfer_ConsigneeIsNotExists');
  const cards = numbers.flatMap((number) => findCard(simulator, number) ?? []);
  if (cards.length < numbers.length) return errorReply('NotFound', '流量卡不存在');
  for (const card of cards) updateNotes(simulator, card, { consignee });
  const transferNo = shingsouNumber('HK', simulator.now());
  const count = cards.length;
  cardTransfers.push({ transferNo, consignee, count, createdAt: simulator.now() });
  return { data: { transferNo, count } };
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;

/** Whether the check digit is right (GB 11643). */
function isIdNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(text.charAt(at)), 0);
  return '10X98765432'.charAt(sum % 11) === text.charAt(17);
}

/** 实名认证: only the fact that the card is verified is stored, not its owner. */
function verify(card: SimCard, idNumber: string): Reply {
  if (card.realName === null) return errorReply('UnprocessableEntity', '该运营商不支持在线实名');
  if (!isIdNumber(idNumber)) return errorReply('UnprocessableEntity', '身份证号码不正确');
  card.realName = 1;
  return { data: { iccid: card.iccid, realName: 1 } };
}

const FLOW_CARD = 'iot.cardservice.flowcard';
const directions = { 1: 'resume', 2: 'stop' } as const;

/** 流量卡: the operations that change cards. */
export function flowCardChanges(simulator: Simulator): GatewayOperation[] {
  const withCard = (number: string, handler: (card: SimCard) => Reply): Reply => {
    const card = findCard(simulator, number);
    return card ? handler(card) : errorReply('NotFound', '流量卡不存在');
  };
  return [
    defineOperation({
      method: 'put',
      path: '/cards/FlowCard',
      permission: `${FLOW_CARD}.put`,
      request: { cardNo, ...notesRequest },
      handler: (request) =>
        withCard(request.cardNo, (card) => {
          updateNotes(simulator, card, changesIn(request));
          return { data: { iccid: card.iccid } };
        }),
    }),
    defineOperation({
      method: 'patch',
      path: '/cards/FlowCard',
      permission: `${FLOW_CARD}.patch`,
      request: { cardNos: cardNos.min(1), ...notesRequest },
      handler: (request) => updateAll(simulator, request.cardNos, changesIn(request)),
    }),
    defineOperation({
      method: 'post',
      path: '/cards/FlowCard/Network',
      permission: `${FLOW_CARD}.network`,
      request: { cardNo, action: z.literal([1, 2]) },
      handler: (request) =>
        withCard(request.cardNo, (card) => switchCard(simulator, card, directions[request.action])),
    }),
    defineOperation({
      method: 'post',
      path: '/cards/FlowCard/Transfer',
      permission: `${FLOW_CARD}.transfer`,
      request: { consignee: z.string().min(1), cardNos },
      handler: ({ consignee, cardNos: numbers }) => transfer(simulator, numbers, consignee),
    }),
    defineOperation({
      method: 'post',
      path: '/cards/FlowCard/Import',
      permission: `${FLOW_CARD}.import`,
      request: importRequest,
      handler: (request) => importCards(simulator, request),
    }),
    defineOperation({
      method: 'post',
      path: '/cards/FlowCard/Reality',
      permission: `${FLOW_CARD}.reality`,
      request: { cardNo, name: z.string().min(1).max(50), idNumber: z.string().max(32) },
      handler: ({ cardNo: number, idNumber }) => withCard(number, (card) => verify(card, idNumber)),
    }),
  ];
}
