import type { SettlementDay } from '@shared/billing-month';
import type { Logger } from 'pino';
import { accountHandlers } from './accounts/account-handlers';
import { authenticateStaff, createStaffSignInFailures } from './accounts/staff-sessions';
import { authenticateUser, createUserSessionCache } from './accounts/user-sessions';
import { raiseAlert } from './alerts/alert-queries';
import { createCardState } from './cards/card-context';
import { cardHandlers, walletHandlers } from './cards/card-handlers';
import { expireReport } from './cards/card-queries';
import { catalogueHandlers } from './catalogue/catalogue-handlers';
import { createCatalogueState } from './catalogue/read-catalogue';
import { createSettlementDays } from './catalogue/settlement-days';
import { createCheckoutState } from './checkout/checkout-context';
import { orderHandlers } from './checkout/order-handlers';
import { createBackgroundTasks } from './lib/background-tasks';
import { ApiError } from './lib/api-error';
import type { RoutedRequest } from './contract/handlers';
import { deviceHandlers, staffDeviceHandlers } from './devices/device-handlers';
import { createDeviceLimiters } from './devices/device-limits';
import type { FulfilmentContext } from './fulfilment/fulfilment-context';
import { createFulfilmentState } from './fulfilment/fulfilment-context';
import { runOrderJob } from './fulfilment/run-order-job';
import type { JobHandler, StuckJob } from './jobs/run-job';
import { createNotificationReceivers } from './notifications/notification-receivers';
import { processNotification } from './notifications/process-notification';
import { createCallbackService } from './notifications/receive-callback';
import { createNotificationService, NOTIFICATION_JOB } from './notifications/receive-notification';
import { createAbsenceLooks } from './orders/absence-looks';
import { ORDER_JOB } from './orders/order-job';
import type { CardPlatforms } from './platforms/card-platforms';
import type { Gateways } from './platforms/payment-gateways';
import type { CallbackReader, DevicePlatform, IdentityProvider } from './platforms/ports';
import { createBalanceState } from './prices/shop-balance';
import {
  RECONCILIATION_JOB,
  runReconciliationJob,
  scheduleReconciliation,
} from './reconciliation/reconciliation-job';
import { REFUND_JOB } from './refunds/refund-queries';
import { syncRefund } from './refunds/sync-refund';
import type { Store } from './store/store';
import { recordForbiddenRequest } from './support/forbidden-requests';
import { supportHandlers } from './support/support-handlers';
import { createServiceKeyAuthenticator } from './tokens/service-key';
import { tokenHandlers } from './tokens/token-handlers';
import { TOKEN_JOB } from './tokens/token-queries';
import type { TokenParts } from './tokens/token-service';
import { noTokens } from './tokens/token-service';

export interface ServiceParts {
  store: Store;
  /** Epoch milliseconds. */
  clock: () => number;
  /** A clock that is never set, in ms from an arbitrary instant. Default: `performance.now`. */
  monotonicClock?: () => number;
  log: Logger;
  identity: IdentityProvider;
  platforms: CardPlatforms;
  gateways: Gateways;
  /** The platform of the devices that cards are in, if the merchant has any. */
  devices?: DevicePlatform | undefined;
  /** Settlement days that differ from the carriers', as `createSettlementDays` takes them. Default: none. */
  settlementDays?: ReadonlyMap<string, SettlementDay>;
  /** Reads the callbacks of 大卡师, if it is connected. */
  callbackReader?: CallbackReader | undefined;
  /** The access tokens that other servers may request. Default: none. */
  tokens?: TokenParts;
  /** The key with which those servers authenticate; undefined if there are none. */
  internalKey?: string | undefined;
}

/** Composes the BFF: what HTTP serves and what the worker runs. */
export function createServices(parts: ServiceParts) {
  const { store, clock, log, tokens = noTokens } = parts;
  const context = createContext(parts);
  return {
    jobs: createJobHandlers(context, tokens),
    onStuck: (job: StuckJob) => raiseJobAlert(context, job),
    /** To be called once when a process starts, before its worker: schedules jobs that no request schedules. */
    scheduleInitialJobs: () => scheduleReconciliation({ store, clock }),
    ...createReceivers(parts),
    /** Resolves once no query is left that went on after its request. To be awaited before the store closes. */
    backgroundSettled: context.background.settled,
    authenticators: {
      user: (token: string) => authenticateUser(context, token),
      staff: (token: string) => authenticateStaff(context, token),
      service: createServiceKeyAuthenticator(parts.internalKey),
    },
    onForbidden: (request: RoutedRequest) => recordForbiddenRequest(context, request),
    handlers: {
      ...accountHandlers(context),
      ...cardHandlers(context),
      ...walletHandlers(context),
      ...catalogueHandlers(context),
      ...deviceHandlers(context),
      ...staffDeviceHandlers(context),
      ...orderHandlers(context),
      ...tokenHandlers({ ...tokens, log }),
      ...supportHandlers(context),
    },
  };
}

/** What the subjects work with, and what they keep in memory: caches, rate limiters, requests in flight. */
function createContext(parts: ServiceParts) {
  const { store, clock, log, devices, monotonicClock = () => performance.now() } = parts;
  return {
    ...parts,
    background: createBackgroundTasks({
      onError: (error) => {
        log.error({ err: error }, 'a query that went on in the background failed');
      },
      isExpected: (error) => error instanceof ApiError,
    }),
    devices,
    monotonicClock,
    absenceLooks: createAbsenceLooks(monotonicClock),
    hasDevices: devices !== undefined,
    onDelivered: (cardId: string) => expireReport(store, cardId),
    userSessions: createUserSessionCache(clock),
    staffSignInFailures: createStaffSignInFailures(),
    cardState: createCardState(clock),
    catalogueState: createCatalogueState(clock),
    findSettlementDay: createSettlementDays(parts.settlementDays ?? new Map()),
    balanceState: createBalanceState(clock),
    deviceLimiters: createDeviceLimiters(),
    fulfilmentState: createFulfilmentState(clock),
    checkoutState: createCheckoutState(clock),
  };
}

/** The worker's handlers, by kind of job. */
function createJobHandlers(
  context: FulfilmentContext,
  { renew }: TokenParts,
): Readonly<Record<string, JobHandler>> {
  return {
    [ORDER_JOB]: (orderId) => runOrderJob(context, orderId),
    [REFUND_JOB]: (refundId) => syncRefund(context, refundId),
    [NOTIFICATION_JOB]: (notificationId) => processNotification(context, notificationId),
    [RECONCILIATION_JOB]: (day) => runReconciliationJob(context, day),
    [TOKEN_JOB]: renew,
  };
}

/** Receives what the platforms send. */
function createReceivers({ store, clock, gateways, callbackReader }: ServiceParts) {
  const notifications = createNotificationService({ store, clock, gateways });
  const callbacks =
    callbackReader && createCallbackService({ store, clock, read: callbackReader.read });
  return {
    notifications,
    receivers: createNotificationReceivers({ gateways, notifications, callbackReader, callbacks }),
  };
}

/** Calls a person for a job that keeps failing: it keeps something from being settled. */
function raiseJobAlert({ store, clock }: Pick<ServiceParts, 'store' | 'clock'>, job: StuckJob) {
  const { kind: detail, subject_id: subject } = job;
  return raiseAlert(store, { kind: 'jobStuck', subject, detail, now: clock() });
}
