import { parseYuan } from '@shared/money';
import type { Fen } from '@shared/money';
import { PlatformBusy, PlatformUnavailable } from '../ports';
import type { Outcome } from '../ports';
import { queryRefused } from './cards';
import type { CallResult, DakashiClient } from './client';
import { operations } from './operations';

/** A prepaid card (卡密): its password is as good as money, and belongs in no log. */
export interface PrepaidCard {
  number: string;
  password: string;
  name: string;
  dataMb: number;
  cost: Fen;
  state: 'unused' | 'used' | 'frozen';
}

type Done = Outcome<null, 'rejected'>;

/** What can be done to cards of 大卡师 besides recharging them. `ref` is the card's serial number. */
export interface CardActions {
  /** Queued: what came of it is told by a callback, and shows in the card's state. @throws PlatformBusy */
  setPower(ref: string, power: 'on' | 'off'): Promise<Done>;
  /** Lets the card connect anew. @throws PlatformBusy */
  resetNetwork(ref: string): Promise<Done>;
  /** `customNumber`: 6 to 16 digits no other card of the agent has. @throws PlatformBusy, TypeError */
  setCustomNumber(ref: string, customNumber: string): Promise<Done>;
  /** Queued; the outcome is told by a callback of the same transaction. @throws PlatformBusy */
  sendMessage(ref: string, content: string): Promise<Outcome<{ transaction: string }, 'rejected'>>;
  /** Undefined where there is none of this number. @throws PlatformUnavailable */
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

/** @throws PlatformBusy where nothing was done */
function toOutcome<Data, Value>(
  result: CallResult<Data>,
  read: (data: Data) => Value,
): Outcome<Value, 'rejected'> {
  switch (result.outcome) {
    case 'busy':
      throw new PlatformBusy(result.message);
    case 'done':
      return { outcome: 'done', value: read(result.data) };
    case 'refused':
      return { outcome: 'refused', reason: 'rejected', message: result.message };
    case 'unknown':
      return result;
  }
}

const toNull = () => null;

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
    async prepaidCard(number) {
      const { id } = operations.prepaidCard;
      const result = await client.query('prepaidCard', { serial_no: number });
      if (result.outcome === 'refused') {
        if (result.code === NO_SUCH_PREPAID_CARD) return undefined;
        throw queryRefused(id, result);
      }
      const { password, name, data_value: dataMb, serial_no } = result.data;
      const state = prepaidStates[result.data.state];
      const cost = parseYuan(result.data.fee);
      if (serial_no !== number || state === undefined || cost === undefined) {
        throw new PlatformUnavailable(`dakashi ${id}: another card, or one that makes no sense`);
      }
      return { number, password, name, dataMb, cost, state };
    },
  };
}
