/** Who the merchant is to WeChat Pay's API v3, and the names of the keys between the two. */
export interface Merchant {
  mchId: string;
  /** The serial number of the merchant's certificate. */
  merchantSerial: string;
  /** 32 characters: what notifications and certificates are encrypted with. */
  apiV3Key: string;
  /** The name of WeChat Pay's public key (微信支付公钥ID). */
  publicKeyId: string;
  /** The serial number of WeChat Pay's platform certificate. */
  certificateSerial: string;
}

const digitsOf = (hex: string, count: number) =>
  BigInt(`0x${hex}`).toString().padStart(count, '0').slice(-count);

/** @param derive 64 hex digits that depend on the purpose. */
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
