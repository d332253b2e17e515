import { createHash } from 'node:crypto';

/** The parameters of a request before it is signed. Numbers are whole. */
export type Parameters = Readonly<Record<string, string | number>>;

/**
 * The signature of a request (both documents, 签名): all parameters except `sign`, sorted by the bytes of their
 * names like PHP's ksort, joined as `name=value` with `&` and without any encoding, directly followed by the
 * secret; SHA-1 in upper-case hexadecimal.
 */
export function signParameters(parameters: Parameters, secret: string): string {
  const joined = Object.entries(parameters)
    .filter(([name]) => name !== 'sign')
    .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return createHash('sha1').update(`${joined}${secret}`, 'utf8').digest('hex').toUpperCase();
}
