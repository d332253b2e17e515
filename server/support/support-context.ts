import type { Logger } from 'pino';
import type { CardContext } from '../cards/card-context';
import type { CatalogueContext } from '../catalogue/read-catalogue';
import type { Gateways } from '../platforms/payment-gateways';

export interface SupportContext extends CardContext, CatalogueContext {
  log: Logger;
  gateways: Gateways;
}

export type StoreAndClock = Pick<SupportContext, 'store' | 'clock'>;
