import type { Language } from '@shared/language';
import type { Context } from 'koa';
import type { Logger } from 'pino';

/** What every request carries besides what it asks for. */
export interface RequestState {
  requestId: string;
  language: Language;
  log: Logger;
  /** The route that answered, for logs and metrics: paths hold ids, routes do not. */
  route: string;
}

export type HttpContext = Context & { state: RequestState };
