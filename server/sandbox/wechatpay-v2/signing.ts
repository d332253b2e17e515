import { createHash, createHmac, verify, type KeyObject } from 'node:crypto';

/** The parameters of `wx.requestPayment`, signed as in API v2. */
export interface PaymentRequest {
  timeStamp: string;
  nonceStr: string;
  package: string;
  signType: string;
  paySign: string;
}

type SignedFields = Omit<PaymentRequest, 'paySign'> & { appId: string };

/**
 * WeChat Pay API v2, 小程序调起支付: the named fields in ASCII order joined as `k=v&…`, the key behind
 * them, hashed, in upper-case hex. Undefined for a signType that v2 does not know.
 */
export function paySign(fields: SignedFields, key: string): string | undefined {
  const { appId, nonceStr, signType, timeStamp } = fields;
  const text =
    `appId=${appId}&nonceStr=${nonceStr}&package=${fields.package}` +
    `&signType=${signType}&timeStamp=${timeStamp}&key=${key}`;
  if (signType === 'MD5') return createHash('md5').update(text).digest('hex').toUpperCase();
  if (signType === 'HMAC-SHA256') {
    return createHmac('sha256', key).update(text).digest('hex').toUpperCase();
  }
  return undefined;
}

/** Whether the parameters were signed with the key for this mini-program. */
export function hasValidV2Signature(
  parameters: PaymentRequest,
  appId: string,
  key: string,
): boolean {
  return paySign({ ...parameters, appId }, key) === parameters.paySign;
}

/**
 * Whether the parameters are signed as in API v3 (小程序调起支付): RSA with the merchant's key over four lines,
 * which do not include the signType.
 */
export function hasValidV3Signature(
  parameters: PaymentRequest,
  appId: string,
  merchantKey: KeyObject,
): boolean {
  const { signType, timeStamp, nonceStr, paySign: signature } = parameters;
  const text = `${appId}\n${timeStamp}\n${nonceStr}\n${parameters.package}\n`;
  return (
    signType === 'RSA' &&
    verify('sha256', Buffer.from(text), merchantKey, Buffer.from(signature, 'base64'))
  );
}
