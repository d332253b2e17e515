import type { Language } from '@shared/language';
import type { Context } from 'koa';
import type { Logger } from 'pino';

/** The state of a request. `logRequests` sets it before any other middleware runs. */
interface RequestState {
  requestId: string;
  language: Language;
  log: Logger;
  /** The matched route, for logs and metrics: unlike the path, it contains no ids. */
  route: string;
}

export type HttpContext = Context & { state: RequestState };
