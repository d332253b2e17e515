import type { Stack } from './stack';

/** What the simulated channel took, and for which order. */
export interface LedgerPayment {
  orderNumber: string;
  amountFen: number;
  state: string;
  refundedFen: number;
}

/** What the simulated platforms delivered. */
export interface LedgerDelivery {
  cardNumber: string;
  packageId: string;
  orderNumber?: string;
}

/** The simulated platforms' books: the truth the screens are compared with. */
export interface Ledger {
  payments: LedgerPayment[];
  deliveries: LedgerDelivery[];
}

/** A card of the simulated platform. */
export interface SandboxCard {
  iccid: string;
  accessNumber: string;
  carrier: string;
  carrierCode: string;
}

/** Reads the simulated platforms from outside, as a checker does. */
export function createSandboxClient({ sandboxUrl }: Pick<Stack, 'sandboxUrl'>, call: typeof fetch) {
  const read = async (path: string): Promise<unknown> => {
    const answer = await call(`${sandboxUrl}${path}`);
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return answer.json();
  };
  return {
    async ledger(): Promise<Ledger> {
      return (await read('/sandbox/ledger')) as Ledger;
    },
    async cards(): Promise<SandboxCard[]> {
      const { items } = (await read('/sandbox/cards')) as { items: SandboxCard[] };
      return items;
    },
  };
}
