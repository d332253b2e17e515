import { parseCost } from '@shared/money';
import type { Fen } from '@shared/money';
import { PlatformUnavailable } from '../ports';
import type { Outcome } from '../ports';
import { queryRefused } from './cards';
import type { DakashiClient } from './client';
import { operations } from './operations';
import { toOutcome } from './outcome';

/** A prepaid card (卡密). Its password is worth money and must never be logged. */
interface PrepaidCard {
  number: string;
  password: string;
  name: string;
  dataMb: number;
  cost: Fen;
  state: 'unused' | 'used' | 'frozen';
}

type Done = Outcome<null, 'rejected'>;

/** Operations on cards of 大卡师 besides ordering packages. `ref` is the card's serial number. */
export interface CardActions {
  /** Queued: the result arrives in a callback and shows in the card's state. @throws PlatformBusy */
  setPower(ref: string, power: 'on' | 'off'): Promise<Done>;
  /** Makes the card reconnect to the network. @throws PlatformBusy */
  resetNetwork(ref: string): Promise<Done>;
  /** `customNumber`: 6 to 16 digits, unique among the agent's cards. @throws PlatformBusy, TypeError */
  setCustomNumber(ref: string, customNumber: string): Promise<Done>;
  /** Queued: the result arrives in a callback with the same transaction id. @throws PlatformBusy */
  sendMessage(ref: string, content: string): Promise<Outcome<{ transaction: string }, 'rejected'>>;
  /** Undefined if there is no prepaid card with this number. @throws PlatformUnavailable */
  prepaidCard(number: string): Promise<PrepaidCard | undefined>;
}

const NO_SUCH_PREPAID_CARD = 55008;
const powers = { on: 1, off: 2 } as const;

/** 短信格式: 0 ASCII, 8 UCS2. */
function messageFormat(content: string): 0 | 8 {
  return /^[\x20-\x7e\r\n]*$/.test(content) ? 0 : 8;
}

const prepaidStates: Readonly<Record<string, PrepaidCard['state']>> = {
  '0': 'unused',
  '1': 'used',
  '2': 'frozen',
};

const toNull = () => null;

/** @throws PlatformUnavailable */
async function findPrepaidCard(
  client: DakashiClient,
  number: string,
): Promise<PrepaidCard | undefined> {
  const { id } = operations.prepaidCard;
  const result = await client.query('prepaidCard', { serial_no: number });
  if (result.outcome === 'refused') {
    if (result.code === NO_SUCH_PREPAID_CARD) return undefined;
    throw queryRefused(id, result);
  }
  const { password, name, data_value: dataMb, serial_no } = result.data;
  const state = prepaidStates[result.data.state];
  const cost = parseCost(result.data.fee);
  if (serial_no !== number || state === undefined || cost === undefined) {
    throw new PlatformUnavailable(`dakashi ${id}: another card, or an invalid one`);
  }
  return { number, password, name, dataMb, cost, state };
}

/** The operations of 大卡师 on cards, besides ordering packages. */
export function createCardActions(client: DakashiClient): CardActions {
  return {
    async setPower(ref, power) {
      const request = { serial_no: ref, action: powers[power] };
      return toOutcome(await client.call('startShut', request), toNull);
    },
    async resetNetwork(ref) {
      return toOutcome(await client.call('gprsReset', { serial_no: ref }), toNull);
    },
    async setCustomNumber(ref, customNumber) {
      const request = { serial_no: ref, custom_no: customNumber };
      return toOutcome(await client.call('customNumber', request), toNull);
    },
    async sendMessage(ref, content) {
      const request = { serial_no: ref, content, format: messageFormat(content) };
      return toOutcome(await client.call('sendMessage', request), (data) => ({
        transaction: data.transaction_id,
      }));
    },
    prepaidCard: (number) => findPrepaidCard(client, number),
  };
}
