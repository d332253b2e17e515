import assert from 'node:assert/strict';
import type { PaymentParameters } from '@shared/contract';

/** A payment in the sandbox's ledger; an order that was paid twice has two. */
export interface LedgerPayment {
  orderNumber: string;
  /** The amount that was taken, which can differ from the order's. */
  amountFen: number;
  state: string;
  refundedFen: number;
  refunds: { number: string; amountFen: number; state: string }[];
  channel: 'shingsou' | 'wechatpay';
  transactionId: string;
  openid: string | null;
  paidAt: string;
}

interface LedgerDelivery {
  platform: string;
  cardNumber: string;
  packageId: string;
  at: string;
  orderNumber?: string;
}

interface Ledger {
  payments: LedgerPayment[];
  deliveries: LedgerDelivery[];
}

export interface SandboxCard {
  iccid: string;
  accessNumber: string;
  carrier: 'mobile' | 'telecom' | 'unicom';
  platform: string;
  carrierCode: string;
}

/** The state of 大卡师: the fields of `GET /sandbox/dakashi` that tests use. */
export interface DakashiState {
  balanceFen: number;
  cards: { serialNo: string; customNo: string; iccid: string; products: { productNo: string }[] }[];
  /** The accepted recharges, oldest first. */
  orders: {
    orderNo: string;
    serialNo: string;
    productNo: string;
    feeFen: number;
    /** 0 queued, 1 in progress, 2 failed, 3 done. */
    status: '0' | '1' | '2' | '3';
  }[];
  callbacks: { attempts: { taken: boolean }[] }[];
}

/** The sandbox's control routes. */
export interface SandboxControls {
  /** A code as `wx.login` returns it. */
  loginCode(user: string): Promise<string>;
  /** Pays or cancels on the payment sheet. @returns the errMsg of `wx.requestPayment` */
  cashier(payment: PaymentParameters | undefined, action: 'pay' | 'cancel'): Promise<string>;
  /** Sets the faults; switches that are not named are off. */
  faults(switches?: Readonly<Record<string, unknown>>): Promise<void>;
  setClock(instant: number): Promise<void>;
  /** Refunds an order in WeChat Pay's own console; by default all that is left. @returns its refund number */
  refundInConsole(request: {
    orderNumber: string;
    amountFen?: number;
    notify?: boolean;
  }): Promise<string>;
  ledger(): Promise<Ledger>;
  cards(): Promise<SandboxCard[]>;
  dakashiState(): Promise<DakashiState>;
  /** Sets the agent's balance with 大卡师. */
  setBalance(balanceFen: number): Promise<void>;
  /** Sets the callback URL of 大卡师. */
  setDakashiCallbackUrl(url: string): Promise<void>;
}

export function createSandboxControls(url: string): SandboxControls {
  async function call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${url}/sandbox${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    assert.ok(answer.ok, `${path} answered ${answer.status}`);
    return answer.json();
  }

  return {
    loginCode: async (user) => {
      const { code } = (await call('POST', '/wechat/login', { user })) as { code: string };
      return code;
    },
    cashier: async (payment, action) => {
      assert.ok(payment, 'there are no payment parameters');
      const request = { ...payment, action };
      const { errMsg } = (await call('POST', '/wechat/cashier', request)) as { errMsg: string };
      return errMsg;
    },
    faults: async (switches = {}) => {
      await call('PUT', '/faults', switches);
    },
    refundInConsole: async (request) => {
      const { number } = (await call('POST', '/wechatpay/refunds', request)) as { number: string };
      return number;
    },
    setClock: async (instant) => {
      await call('PUT', '/clock', { now: new Date(instant).toISOString() });
    },
    ledger: async () => (await call('GET', '/ledger')) as Ledger,
    cards: async () => ((await call('GET', '/cards')) as { items: SandboxCard[] }).items,
    dakashiState: async () => (await call('GET', '/dakashi')) as DakashiState,
    setBalance: async (balanceFen) => {
      await call('PUT', '/dakashi/balance', { balanceFen });
    },
    setDakashiCallbackUrl: async (url) => {
      await call('PUT', '/dakashi/callback', { url });
    },
  };
}
