import { beijingDate } from '@shared/beijing-time';
import { fen, formatYuan } from '@shared/money';
import type { AuthenticatedRequest, Fields } from './authentication';
import { requestPower, productState, startNetworkReset, totalMb } from './card-states';
import type { DakashiSimulator } from './simulator';
import { forgottenProduct, withOddHeld, withOddProducts, withTimeOfDay } from './odd-values';
import { agentProducts, findProduct, type AgentProduct } from './products';
import { errorReply, successReply, type Reply } from './reply';
import type { AgentCard } from './state';

/** The operation of a path, for an authenticated request. */
export type Operation = (dakashi: DakashiSimulator, request: AuthenticatedRequest) => Reply;

/** Reads a number that a request may write as text or as an integer. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** An operation about one card. */
export function cardOperation(
  handler: (dakashi: DakashiSimulator, card: AgentCard, request: AuthenticatedRequest) => Reply,
): Operation {
  return (dakashi, request) => {
    const card = dakashi.findCard(textOf(request.fields.serial_no));
    return card ? handler(dakashi, card, request) : errorReply(55005);
  };
}

export function cardNumbers({ serialNo, customNo, iccid }: AgentCard) {
  return { serial_no: serialNo, custom_no: customNo, iccid_suffix: iccid.slice(-10) };
}

const yuan = (amount: number) => formatYuan(fen(amount));

/** A package as the catalogue lists it: every value is text. */
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

const memberInfo = cardOperation(({ simulator }, card, { fields, dialect }) => {
  const update = fields.data_update ?? 0;
  if (!['0', '1'].includes(textOf(update))) return errorReply(55013);
  const total = totalMb(card, simulator.now());
  const data = {
    ...cardNumbers(card),
    gprs_status: card.gprs,
    sim_status: card.sim,
    resources_count: String(total),
    ieavings_count: String(total - card.usedMb),
    used_res_count: card.usedMb,
  };
  // The older document shows this field only; that it also had the others is our assumption.
  const extra = dialect === 'seed' ? { total_data_value: String(total) } : {};
  return successReply({ data: { ...data, ...extra } });
});

function describeHeldProducts(card: AgentCard, today: string) {
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

const memberProducts = cardOperation(({ simulator }, card, { fields }) => {
  const requestedState = textOf(fields.state ?? 1);
  const packages = describeHeldProducts(card, beijingDate(simulator.now())).filter(
    ({ state }) => requestedState === '0' || state === requestedState,
  );
  const { dakashiOddElements } = simulator.state.faults;
  const listed = dakashiOddElements ? withOddHeld(packages) : withTimeOfDay(packages);
  return successReply({ data: { ...cardNumbers(card), packages: listed } });
});

const products = cardOperation(({ simulator }, card) => {
  const packages = agentProducts.map((product) => ({
    product_no: product.productNo,
    name: product.name,
    ...describeProduct(product),
  }));
  const { dakashiOddElements } = simulator.state.faults;
  const listed = dakashiOddElements ? withOddProducts(packages) : packages;
  return successReply({
    data: { ...cardNumbers(card), packages: [...listed, forgottenProduct] },
  });
});

const startShut = cardOperation((dakashi, card, { fields }) => {
  const action = textOf(fields.action);
  if (action !== '1' && action !== '2') return errorReply(55019);
  requestPower(dakashi, card, action === '1' ? 1 : 2, dakashi.simulator.now());
  return successReply();
});

const gprsReset = cardOperation((dakashi, card) => {
  startNetworkReset(dakashi, card, dakashi.simulator.now());
  return successReply();
});

/** Whether another card has this number. */
function isTaken({ findCard }: DakashiSimulator, card: AgentCard, fields: Fields): boolean {
  const other = findCard(textOf(fields.custom_no));
  return other !== undefined && other !== card;
}

const customNumber = cardOperation((dakashi, card, { fields }) => {
  const number = textOf(fields.custom_no);
  if (number === '') return errorReply(55016);
  if (!/^\d{6,16}$/.test(number)) return errorReply(55017);
  if (isTaken(dakashi, card, fields)) return errorReply(55018);
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
