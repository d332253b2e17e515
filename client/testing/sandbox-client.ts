import type { Stack } from './stack';

/** A payment in the simulated payment channel. */
interface LedgerPayment {
  orderNumber: string;
  amountFen: number;
  state: string;
  refundedFen: number;
}

/** A delivery of the simulated platforms. */
interface LedgerDelivery {
  cardNumber: string;
  packageId: string;
  orderNumber?: string;
}

/** The records of the simulated platforms, which the client's pages are compared with. */
export interface Ledger {
  payments: LedgerPayment[];
  deliveries: LedgerDelivery[];
}

/** A card of a simulated platform. */
export interface SandboxCard {
  iccid: string;
  accessNumber: string;
  carrier: string;
  carrierCode: string;
}

/** Reads the state of the simulated platforms over HTTP. @param call the `fetch` to use */
export function createSandboxClient({ sandboxUrl }: Pick<Stack, 'sandboxUrl'>, call: typeof fetch) {
  const read = async (path: string): Promise<unknown> => {
    const response = await call(`${sandboxUrl}${path}`);
    if (!response.ok) throw new Error(`${path} returned ${response.status}`);
    return response.json();
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
