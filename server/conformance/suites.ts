import { cardChecks } from './card-checks';
import { deviceChecks } from './device-checks';
import { orderChecks } from './order-checks';
import { paymentChecks } from './payment-checks';
import { paymentOrderChecks } from './payment-order-checks';
import { catalogueChecks } from './catalogue-checks';

/** All checks of a `CardPlatform`. Those that cost money come last. */
export const cardSuite = [...cardChecks, ...catalogueChecks, ...orderChecks] as const;

/** All checks of a `PaymentGateway`. */
export const paymentSuite = [...paymentChecks, ...paymentOrderChecks] as const;

/** All checks of a `DevicePlatform`. */
export const deviceSuite = deviceChecks;
