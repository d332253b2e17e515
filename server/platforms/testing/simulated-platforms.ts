import { createSandbox } from '../../sandbox/create-sandbox';

export interface SimulatedCard {
  platform: string;
  iccid: string;
  accessNumber: string | null;
  carrier: string;
  carrierCode: string;
}

interface LedgerPayment {
  orderNumber: string;
  channel: string;
  transactionId: string;
  amountFen: number;
  refundedFen: number;
}

export interface SimulatedPlatforms {
  setting(name: string): string;
  /** The cards of 旭宇 there are, in the order it has them. */
  cards: SimulatedCard[];
  /** Sets the faults that are on; all others are off. */
  setFaults(faults: object): Promise<void>;
  /** A code as wx.login gives it. */
  createLoginCode(): Promise<string>;
  /** Its clock, in epoch ms. */
  now(): Promise<number>;
  advanceClock(seconds: number): Promise<void>;
  /** What a person does at a payment sheet, and what wx.requestPayment says of it. */
  completePayment(paymentRequest: object, action: 'pay' | 'cancel'): Promise<string>;
  /** What the channels really took and gave back. */
  payments(): Promise<LedgerPayment[]>;
  close(): Promise<void>;
}

/** The simulated platforms on a port of their own, with their controls at hand. */
export async function startSimulatedPlatforms(): Promise<SimulatedPlatforms> {
  const sandbox = createSandbox({ seed: 'adapter', deliverySeconds: 3 });
  const { url } = await sandbox.listen(0);
  const settings = sandbox.settings();

  async function callControlApi<Answer>(
    method: string,
    path: string,
    body?: object,
  ): Promise<Answer> {
    const response = await fetch(`${url}/sandbox/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: HTTP ${String(response.status)}`);
    return (await response.json()) as Answer;
  }

  async function now(): Promise<number> {
    return Date.parse((await callControlApi<{ now: string }>('GET', 'clock')).now);
  }

  return {
    setting(name) {
      const value = settings[name];
      if (value === undefined) throw new Error(`the sandbox hands out no ${name}`);
      return value;
    },
    cards: (await callControlApi<{ items: SimulatedCard[] }>('GET', 'cards')).items.filter(
      ({ platform }) => platform === 'shingsou',
    ),
    async setFaults(faults) {
      await callControlApi('PUT', 'faults', faults);
    },
    async createLoginCode() {
      return (await callControlApi<{ code: string }>('POST', 'wechat/login', {})).code;
    },
    now,
    async advanceClock(seconds) {
      await callControlApi('PUT', 'clock', {
        now: new Date((await now()) + seconds * 1000).toISOString(),
      });
    },
    async completePayment(paymentRequest, action) {
      const command = { ...paymentRequest, action };
      return (await callControlApi<{ errMsg: string }>('POST', 'wechat/cashier', command)).errMsg;
    },
    async payments() {
      return (await callControlApi<{ payments: LedgerPayment[] }>('GET', 'ledger')).payments;
    },
    close: () => sandbox.close(),
  };
}
