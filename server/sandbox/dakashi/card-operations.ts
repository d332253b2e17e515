import { beijingDate } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import type { Admitted, Fields } from './admission';
import { askForPower, productState, resetNetwork, totalMb } from './card-states';
import type { Office } from './office';
import { agentProducts, findProduct, type AgentProduct } from './products';
import { errorReply, successReply, type Reply } from './reply';
import type { AgentCard } from './state';

/** What a path comes to for a request that was let in. */
export type Operation = (office: Office, request: Admitted) => Reply;

/** A number in a request: text, or an int. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** An operation about one card. */
export function aboutCard(
  answer: (office: Office, card: AgentCard, request: Admitted) => Reply,
): Operation {
  return (office, request) => {
    const card = office.findCard(textOf(request.fields.serial_no));
    return card ? answer(office, card, request) : errorReply(55005);
  };
}

export function cardNames({ serialNo, customNo, iccid }: AgentCard) {
  return { serial_no: serialNo, custom_no: customNo, iccid_suffix: iccid.slice(-10) };
}

const yuan = (amount: number) => formatYuan(fen(amount));

/** A package as the shelf shows it: every value is text. */
function describeProduct(product: AgentProduct) {
  return {
    origin_price: yuan(product.originFen),
    fee: yuan(product.feeFen),
    data_value: String(product.dataMb),
    month: String(product.months),
    level: product.level,
    eft_type: product.eftType,
  };
}

const memberInfo = aboutCard(({ world }, card, { fields, dialect }) => {
  const update = fields.data_update ?? 0;
  if (!['0', '1'].includes(textOf(update))) return errorReply(55013);
  const total = totalMb(card, world.now());
  const data = {
    ...cardNames(card),
    gprs_status: card.gprs,
    sim_status: card.sim,
    resources_count: String(total),
    ieavings_count: String(total - card.usedMb),
    used_res_count: card.usedMb,
  };
  // The older document shows this field alone; that the others stood beside it is our assumption.
  const extra = dialect === 'seed' ? { total_data_value: String(total) } : {};
  return successReply({ data: { ...data, ...extra } });
});

function describeHeld(card: AgentCard, today: string) {
  return card.products.flatMap((held) => {
    const product = findProduct(held.productNo);
    if (!product) return [];
    return [
      {
        product_no: held.productNo,
        name: product.name,
        start_time: held.start,
        end_time: held.end,
        state: productState(held, today),
        ...describeProduct(product),
      },
    ];
  });
}

const memberProducts = aboutCard(({ world }, card, { fields }) => {
  const asked = textOf(fields.state ?? 1);
  const packages = describeHeld(card, beijingDate(world.now())).filter(
    ({ state }) => asked === '0' || state === asked,
  );
  return successReply({ data: { ...cardNames(card), packages } });
});

const products = aboutCard((_office, card) => {
  const packages = agentProducts.map((product) => ({
    product_no: product.productNo,
    name: product.name,
    ...describeProduct(product),
  }));
  return successReply({ data: { ...cardNames(card), packages } });
});

const startShut = aboutCard((office, card, { fields }) => {
  const action = textOf(fields.action);
  if (action !== '1' && action !== '2') return errorReply(55019);
  askForPower(office, card, action === '1' ? 1 : 2, office.world.now());
  return successReply();
});

const gprsReset = aboutCard((office, card) => {
  resetNetwork(office, card, office.world.now());
  return successReply();
});

/** Whether another card goes by this number already. */
function isTaken({ findCard }: Office, card: AgentCard, fields: Fields): boolean {
  const other = findCard(textOf(fields.custom_no));
  return other !== undefined && other !== card;
}

const customNumber = aboutCard((office, card, { fields }) => {
  const number = textOf(fields.custom_no);
  if (number === '') return errorReply(55016);
  if (!/^\d{6,16}$/.test(number)) return errorReply(55017);
  if (isTaken(office, card, fields)) return errorReply(55018);
  card.customNo = number;
  return successReply();
});

export const cardOperations: Readonly<Record<string, Operation>> = {
  'member/info': memberInfo,
  'member/product/info': memberProducts,
  'product/info': products,
  'member/startshut': startShut,
  'member/gprs/reset': gprsReset,
  'member/custom_no': customNumber,
};
