import { parseCardNumber } from '@shared/card-number';
import type { CardNumber } from '@shared/card-number';
import type { LocalizedText } from '@shared/language';
import { fen, formatYuan } from '@shared/money';
import { cheapestOffer } from '../../conformance';
import type { CardFacts, DeviceFacts, PaymentFacts } from '../../conformance';
import type { PaymentOrder, PlatformOffer } from '../../platforms/ports';
import { UsageError } from '../../lib/usage-error';
import type { ConformanceArguments } from './arguments';
import type { Target } from './targets';
import { LAST_DAY_OF_MONTH } from '@shared/billing-month';

/** What the suites are given, and what they will change. */
export interface Plan {
  cards: CardFacts;
  payments: PaymentFacts;
  devices: DeviceFacts;
  /** What will be changed at the platform, a line each. Holds no number. */
  changes: LocalizedText[];
  /** What has to be typed to confirm. */
  confirmation: string;
}

export interface PlanParts {
  /** Epoch milliseconds. */
  clock: () => number;
  /** A number that was never used, different each time. */
  newNumber: () => string;
  wait: (milliseconds: number) => Promise<void>;
  /** Picks the terminal's language. */
  say: (text: LocalizedText) => string;
}

const unknownNumbers: readonly CardNumber[] = [
  { kind: 'iccid', value: '89860099999999999999' },
  { kind: 'accessNumber', value: '1999999999999' },
];
/** A device id of the right form that no device has. */
const UNKNOWN_DEVICE_ID = '00000000-0000-1000-9000-000000000000';

const PAY_WITHIN_MS = 15 * 60_000;

/** @throws UsageError for a text that is no card number; the message does not repeat it */
function readNumbers({ card }: ConformanceArguments, { say }: PlanParts): CardNumber[] {
  return card.map((text) => {
    const number = parseCardNumber(text);
    if (number) return number;
    throw new UsageError(`--card: ${say({ 'zh-CN': '不是卡号', en: 'not a card number' })}`);
  });
}

interface SelectedPackage {
  cardRef: string;
  offer: PlatformOffer;
}

/** The package that the checks with changes order. @throws UsageError if it is not on sale */
async function findPackage(
  { cards }: Target,
  numbers: readonly CardNumber[],
  { write, package: packageId }: ConformanceArguments,
  { say }: PlanParts,
): Promise<SelectedPackage | undefined> {
  const [number] = numbers;
  if (!write || !cards || number === undefined) return undefined;
  const [card] = await cards.find(number);
  if (!card) {
    const unknown = { 'zh-CN': '平台没有这张卡', en: 'the platform has no such card' };
    throw new UsageError(`--card: ${say(unknown)}`);
  }
  const { offers } = await cards.packagesOnSale(card.ref);
  const offer =
    packageId === undefined ? cheapestOffer(offers) : offers.find(({ id }) => id === packageId);
  if (!offer) {
    const unknown = {
      'zh-CN': '这张卡没有这个在售套餐',
      en: 'no such package is on sale for the card',
    };
    throw new UsageError(`--package: ${say(unknown)}`);
  }
  return { cardRef: card.ref, offer };
}

function isPayable({ cards, payments }: Target, selected: SelectedPackage | undefined): boolean {
  return payments !== undefined && (cards === undefined || selected !== undefined);
}

/** An order that is not paid: of one fen, or of a package where the channel sells packages itself. */
function paymentOrder(
  selected: SelectedPackage | undefined,
  openid: string,
  { clock, newNumber }: PlanParts,
): PaymentOrder {
  return {
    orderNumber: newNumber(),
    cardRef: selected?.cardRef ?? '',
    effectiveFrom: clock(),
    settlementDay: LAST_DAY_OF_MONTH,
    openid,
    packageId: selected?.offer.id ?? 'liuka-conformance',
    packageName: selected?.offer.name ?? '契约检查',
    amount: selected?.offer.price ?? fen(1),
    payBefore: Math.floor(clock() / 1000) * 1000 + PAY_WITHIN_MS,
  };
}

function purchaseOf(selected: SelectedPackage | undefined, { clock, newNumber, wait }: PlanParts) {
  if (!selected) return undefined;
  const { cardRef, offer } = selected;
  const amount = offer.price ?? offer.cost ?? fen(0);
  const start = { effectiveFrom: clock(), settlementDay: LAST_DAY_OF_MONTH };
  const order = { orderNumber: newNumber(), cardRef, packageId: offer.id, amount, ...start };
  return { order, wait };
}

interface PlannedChanges {
  purchase: ReturnType<typeof purchaseOf>;
  selected: SelectedPackage | undefined;
  order: PaymentOrder | undefined;
  holders: number | undefined;
  /** Whether refunds and unbindings that have to be refused are tried. */
  triesRefusals: boolean;
}

function describeChanges(planned: PlannedChanges): LocalizedText[] {
  const { purchase, selected, order, holders, triesRefusals } = planned;
  const changes: LocalizedText[] = [];
  if (purchase) {
    const name = selected?.offer.name ?? '';
    const cost = formatYuan(selected?.offer.cost ?? purchase.order.amount);
    changes.push({
      'zh-CN': `用余额为所给的卡订购“${name}”，花费 ${cost} 元，不能退款`,
      en: `order “${name}” for the card from the prepaid balance: ${cost} yuan, which cannot be refunded`,
    });
  }
  if (order) {
    const amount = formatYuan(order.amount);
    changes.push({
      'zh-CN': `生成一个 ${amount} 元的支付单，不付款，约五分钟后关单`,
      en: `create a payment order of ${amount} yuan that is not paid, and close it after about five minutes`,
    });
  }
  if (holders !== undefined) {
    changes.push({
      'zh-CN': `解绑所给的设备，${holders} 位用户失去对它的控制，不能撤销`,
      en: `unbind the device from ${holders} people, which cannot be undone`,
    });
  }
  if (triesRefusals) {
    changes.push({
      'zh-CN': '对不存在的订单或设备尝试退款、解绑，应被拒绝',
      en: 'try to refund or unbind what does not exist, which has to be refused',
    });
  }
  return changes;
}

function confirmationFor({ purchase, selected, holders }: PlannedChanges): string {
  if (holders !== undefined) return String(holders);
  return formatYuan(purchase ? (selected?.offer.cost ?? purchase.order.amount) : fen(0));
}

async function countHolders(
  { devices }: Target,
  { write, device }: ConformanceArguments,
): Promise<number | undefined> {
  if (!write || !devices || device === undefined) return undefined;
  return (await devices.holders(device))?.length ?? 0;
}

/**
 * Checks the arguments and prepares what the suites need. Changes nothing.
 * @throws UsageError for arguments that cannot be used; PlatformUnavailable if the platform does not answer
 */
export async function makePlan(
  target: Target,
  args: ConformanceArguments,
  parts: PlanParts,
): Promise<Plan> {
  const { clock, newNumber, wait } = parts;
  const numbers = readNumbers(args, parts);
  const selected = await findPackage(target, numbers, args, parts);
  const isPaid = args.write && args.openid !== undefined && isPayable(target, selected);
  const order = isPaid ? paymentOrder(selected, args.openid ?? '', parts) : undefined;
  const holders = await countHolders(target, args);
  const purchase = purchaseOf(selected, parts);
  const triesRefusals = target.payments !== undefined || target.devices !== undefined;
  const changes = { purchase, selected, order, holders, triesRefusals };
  const unusedNumber = newNumber();
  return {
    cards: { clock, numbers, unknownNumbers, unusedNumber, orderNumber: args.order, purchase },
    payments: { clock, wait, unusedNumber, order, paidNumber: args.order, refund: undefined },
    devices: {
      clock,
      unknownDeviceId: UNKNOWN_DEVICE_ID,
      deviceId: args.device,
      unbindableDeviceId: args.write ? args.device : undefined,
    },
    changes: describeChanges(changes),
    confirmation: confirmationFor(changes),
  };
}
