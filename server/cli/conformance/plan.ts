import { parseCardNumber } from '@shared/card-number';
import type { CardNumber } from '@shared/card-number';
import { fen, formatYuan } from '@shared/money';
import { cheapestOffer } from '../../conformance';
import type { CardFacts, DeviceFacts, PaymentFacts } from '../../conformance';
import type { PaymentOrder, PlatformOffer } from '../../platforms/ports';
import { UsageError } from '../operations/usage-error';
import type { ConformanceArguments } from './arguments';
import type { Target } from './targets';

/** What the suites are given, and what they will do with it. */
export interface Plan {
  cards: CardFacts;
  payments: PaymentFacts;
  devices: DeviceFacts;
  /** What will be changed at the platform, a line each. Holds no number. */
  changes: string[];
  /** What has to be typed to agree. */
  confirmation: string;
}

export interface PlanParts {
  /** Epoch milliseconds. */
  clock: () => number;
  /** A number nobody has used, different each time. */
  newNumber: () => string;
  wait: (milliseconds: number) => Promise<void>;
}

const unknownNumbers: readonly CardNumber[] = [
  { kind: 'iccid', value: '89860099999999999999' },
  { kind: 'accessNumber', value: '1999999999999' },
];
/** A device id of the right form that is none. */
const UNKNOWN_DEVICE_ID = '00000000-0000-1000-9000-000000000000';

const PAY_WITHIN_MS = 15 * 60_000;

/** @throws UsageError where a number is none; the message does not repeat it */
function readNumbers({ cards }: ConformanceArguments): CardNumber[] {
  return cards.map((text) => {
    const number = parseCardNumber(text);
    if (number) return number;
    throw new UsageError('--card: 不是卡号 (is no card number)');
  });
}

interface SelectedPackage {
  cardRef: string;
  offer: PlatformOffer;
}

/** The package that the checks with changes are about. @throws UsageError where it is not on sale */
async function findPackage(
  { cards }: Target,
  numbers: readonly CardNumber[],
  { write, packageId }: ConformanceArguments,
): Promise<SelectedPackage | undefined> {
  const [number] = numbers;
  if (!write || !cards || number === undefined) return undefined;
  const [card] = await cards.find(number);
  if (!card) throw new UsageError('--card: 平台没有这张卡 (the platform has no such card)');
  const { offers } = await cards.packagesOnSale(card.ref);
  const offer =
    packageId === undefined ? cheapestOffer(offers) : offers.find(({ id }) => id === packageId);
  if (!offer) throw new UsageError('没有这个在售套餐 (no such package is on sale for it)');
  return { cardRef: card.ref, offer };
}

function isPayable({ cards, payments }: Target, selected: SelectedPackage | undefined): boolean {
  return payments !== undefined && (cards === undefined || selected !== undefined);
}

/** An order that nobody pays: one fen, or where the channel sells packages itself, one of them. */
function paymentOrder(
  selected: SelectedPackage | undefined,
  openid: string,
  { clock, newNumber }: PlanParts,
): PaymentOrder {
  return {
    ...{ orderNumber: newNumber(), cardRef: selected?.cardRef ?? '', effective: 'now', openid },
    packageId: selected?.offer.id ?? 'liuka-conformance',
    packageName: selected?.offer.name ?? '契约检查',
    amount: selected?.offer.price ?? fen(1),
    payBefore: Math.floor(clock() / 1000) * 1000 + PAY_WITHIN_MS,
  };
}

function purchaseOf(selected: SelectedPackage | undefined, { newNumber, wait }: PlanParts) {
  if (!selected) return undefined;
  const { cardRef, offer } = selected;
  const amount = offer.price ?? offer.cost ?? fen(0);
  const order = { orderNumber: newNumber(), cardRef, packageId: offer.id, amount } as const;
  return { order: { ...order, effective: 'now' as const }, wait };
}

interface PlannedChanges {
  purchase: ReturnType<typeof purchaseOf>;
  selected: SelectedPackage | undefined;
  order: PaymentOrder | undefined;
  holders: number | undefined;
  /** Whether refunds and unbindings that have to be refused are tried. */
  triesRefusals: boolean;
}

function describeChanges({
  purchase,
  selected,
  order,
  holders,
  triesRefusals,
}: PlannedChanges): string[] {
  const spent = purchase && formatYuan(selected?.offer.cost ?? purchase.order.amount);
  const lines = [
    spent &&
      `用余额为所给的卡订购“${selected?.offer.name ?? ''}”，花费 ${spent} 元，不能退 (orders this package for the card from the balance: ${spent} yuan, which is not given back)`,
    order &&
      `生成一个 ${formatYuan(order.amount)} 元的支付单，没人付款，约五分钟后关单 (makes a payment order that nobody pays, and closes it after some five minutes)`,
    holders !== undefined &&
      `解绑所给的设备，${holders} 位用户失去对它的控制，不能撤销 (takes the device away from ${holders} people, which cannot be undone)`,
    triesRefusals &&
      '对不存在的订单或设备尝试退款、解绑，应被拒绝 (tries to refund or unbind what is not there, which has to be refused)',
  ];
  return lines.filter((line) => typeof line === 'string');
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
 * Looks at what was given and makes of it what the suites need. Changes nothing.
 * @throws UsageError where it is of no use; PlatformUnavailable where the platform does not answer
 */
export async function makePlan(
  target: Target,
  args: ConformanceArguments,
  parts: PlanParts,
): Promise<Plan> {
  const { clock, newNumber, wait } = parts;
  const numbers = readNumbers(args);
  const selected = await findPackage(target, numbers, args);
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
      ...{ clock, unknownDeviceId: UNKNOWN_DEVICE_ID, deviceId: args.device },
      unbindableDeviceId: args.write ? args.device : undefined,
    },
    changes: describeChanges(changes),
    confirmation: confirmationFor(changes),
  };
}
