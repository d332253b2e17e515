export { createAnswerLog } from './answer-log';
/** @internal Exported for tests. */
export type { AnswerLog } from './answer-log';
export { cheapestOffer } from './card-facts';
export type { CardFacts } from './card-facts';
export type { DeviceFacts } from './device-checks';
export type { PaymentFacts } from './payment-checks';
export { createRedactor as redactor } from './redact';
export { isConforming, toMarkdown as markdown, redactReport } from './report';
/** @internal Exported for tests. */
export type { ConformanceReport } from './report';
export { runChecks } from './run-checks';
export type { CheckReport } from './run-checks';
export { cardSuite, deviceSuite, paymentSuite } from './suites';
