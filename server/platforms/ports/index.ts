/**
 * What Liuka needs of the platforms, in its own terms. Each platform's folder implements some of these ports.
 *
 * A method returns a value for every expected result. A query throws `PlatformUnavailable` if it got no
 * usable response. A call that changes something returns `unknown` instead, because a lost response does
 * not mean that nothing was done.
 */
export * from './callback';
export * from './card';
export * from './card-platform';
export * from './device-platform';
export * from './errors';
export * from './identity-provider';
export * from './notification';
export * from './outcome';
export * from './package-offer';
export * from './package-order';
export * from './payment-gateway';
