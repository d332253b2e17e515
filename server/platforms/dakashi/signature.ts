import { createHash } from 'node:crypto';

/** What a request says, before it is signed: texts and whole numbers, as JSON will write them. */
export type Parameters = Readonly<Record<string, string | number>>;

/**
 * The signature of a request (both documents, 签名): every parameter but `sign`, sorted by the bytes of its
 * name as PHP's ksort does, joined as `name=value` with `&` and without any encoding, the secret appended
 * with nothing between, SHA-1 in upper-case hexadecimal.
 */
export function signParameters(parameters: Parameters, secret: string): string {
  const joined = Object.entries(parameters)
    .filter(([name]) => name !== 'sign')
    .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return createHash('sha1').update(`${joined}${secret}`, 'utf8').digest('hex').toUpperCase();
}
