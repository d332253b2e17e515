/** The merchant's account with WeChat Pay's API v3, and the ids of the keys of both sides. */
export interface Merchant {
  mchId: string;
  /** The serial number of the merchant's certificate. */
  merchantSerial: string;
  /** The key (32 characters) that encrypts notifications and certificates. */
  apiV3Key: string;
  /** The id of WeChat Pay's public key (微信支付公钥ID). */
  publicKeyId: string;
  /** The serial number of WeChat Pay's platform certificate. */
  certificateSerial: string;
}

const digitsOf = (hex: string, count: number) =>
  BigInt(`0x${hex}`).toString().padStart(count, '0').slice(-count);

/** @param derive derives 64 hex digits from a purpose */
export function makeMerchant(derive: (purpose: string) => string): Merchant {
  // The first digit of a serial keeps it a positive DER INTEGER of 20 bytes (RFC 5280, 4.1.2.2).
  const serial = (purpose: string) => `5${derive(purpose).slice(0, 39)}`.toUpperCase();
  return {
    mchId: `16${digitsOf(derive('merchant'), 8)}`,
    merchantSerial: serial('merchant certificate'),
    apiV3Key: derive('api v3 key').slice(0, 32),
    publicKeyId: `PUB_KEY_ID_01${digitsOf(derive('public key id'), 32)}`,
    certificateSerial: serial('platform certificate'),
  };
}
