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
  /** The cards of 旭宇, in its order. */
  cards: SimulatedCard[];
  /** Switches the given faults on and all others off. */
  setFaults(faults: object): Promise<void>;
  /** Creates a login code like wx.login. */
  createLoginCode(): Promise<string>;
  /** The clock of the platforms, in epoch ms. */
  now(): Promise<number>;
  advanceClock(seconds: number): Promise<void>;
  /** Pays or cancels at the payment sheet, and returns the result of wx.requestPayment. */
  completePayment(paymentRequest: object, action: 'pay' | 'cancel'): Promise<string>;
  /** The payments in the ledger of the channels, with the refunded amounts. */
  payments(): Promise<LedgerPayment[]>;
  close(): Promise<void>;
}

/** Starts the simulated platforms on a free port, with functions for their sandbox routes. */
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
