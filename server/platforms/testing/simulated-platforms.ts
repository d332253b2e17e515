import { createSandbox } from '../../sandbox/create-sandbox';

export interface SimulatedCard {
  platform: string;
  iccid: string;
  accessNumber: string | null;
  carrier: string;
  carrierCode: string;
}

export interface LedgerPayment {
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
  faults(switches: object): Promise<void>;
  /** A code as wx.login gives it. */
  loginCode(): Promise<string>;
  /** Its clock, in epoch ms. */
  now(): Promise<number>;
  pass(seconds: number): Promise<void>;
  /** What a person does at a payment sheet, and what wx.requestPayment says of it. */
  atCashier(paymentRequest: object, action: 'pay' | 'cancel'): Promise<string>;
  /** What the channels really took and gave back. */
  payments(): Promise<LedgerPayment[]>;
  close(): Promise<void>;
}

/** The simulated platforms on a port of their own, with their controls at hand. */
export async function startSimulatedPlatforms(): Promise<SimulatedPlatforms> {
  const sandbox = createSandbox({ seed: 'adapter', deliverySeconds: 3 });
  const { url } = await sandbox.listen(0);
  const settings = sandbox.settings();

  async function control<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${url}/sandbox/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: HTTP ${String(response.status)}`);
    return (await response.json()) as Answer;
  }

  async function now(): Promise<number> {
    return Date.parse((await control<{ now: string }>('GET', 'clock')).now);
  }

  return {
    setting(name) {
      const value = settings[name];
      if (value === undefined) throw new Error(`the sandbox hands out no ${name}`);
      return value;
    },
    cards: (await control<{ items: SimulatedCard[] }>('GET', 'cards')).items.filter(
      ({ platform }) => platform === 'shingsou',
    ),
    async faults(switches) {
      await control('PUT', 'faults', switches);
    },
    async loginCode() {
      return (await control<{ code: string }>('POST', 'wechat/login', {})).code;
    },
    now,
    async pass(seconds) {
      await control('PUT', 'clock', {
        now: new Date((await now()) + seconds * 1000).toISOString(),
      });
    },
    async atCashier(paymentRequest, action) {
      const done = { ...paymentRequest, action };
      return (await control<{ errMsg: string }>('POST', 'wechat/cashier', done)).errMsg;
    },
    async payments() {
      return (await control<{ payments: LedgerPayment[] }>('GET', 'ledger')).payments;
    },
    close: () => sandbox.close(),
  };
}
