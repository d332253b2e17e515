import { cardChecks } from './card-checks';
import { deviceChecks } from './device-checks';
import { orderChecks } from './order-checks';
import { paymentChecks } from './payment-checks';
import { paymentOrderChecks } from './payment-order-checks';
import { catalogueChecks } from './catalogue-checks';

/** Everything a `CardPlatform` has to do. What costs money comes last. */
export const cardSuite = [...cardChecks, ...catalogueChecks, ...orderChecks] as const;

/** Everything a `PaymentGateway` has to do. */
export const paymentSuite = [...paymentChecks, ...paymentOrderChecks] as const;

/** Everything a `DevicePlatform` has to do. */
export const deviceSuite = deviceChecks;
