import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

/** Why a body cannot be read: it is too large once decoded, or it is not what its headers declare. */
export class UnreadableBody extends Error {
  override readonly name = 'UnreadableBody';

  constructor(
    readonly reason: 'tooLarge' | 'unreadable',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/** The low four bits of a zlib stream's first byte name its method, which is always 8 (RFC 1950, section 2.2). */
const ZLIB_METHOD = 8;
const METHOD_BITS = 0x0f;

/** RFC 9110 section 8.4.1.2: "deflate" is a zlib stream, but some servers send it without zlib's header. */
const decodeDeflate: Decoder = (bytes, options) => {
  const hasHeader = ((bytes[0] ?? 0) & METHOD_BITS) === ZLIB_METHOD;
  return hasHeader ? promisify(inflate)(bytes, options) : promisify(inflateRaw)(bytes, options);
};

/** RFC 9110 section 8.4.1. */
const contentDecoders: Readonly<Record<string, Decoder>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: decodeDeflate,
  br: promisify(brotliDecompress),
};

/** Nobody applies more codings than this to an answer; each one costs memory. */
const MAX_CODINGS = 2;

function isTooLarge(error: unknown): boolean {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && error.code === 'ERR_BUFFER_TOO_LARGE';
}

async function decodeCoding(coding: string, bytes: Buffer, maxBytes: number): Promise<Buffer> {
  const decode = contentDecoders[coding];
  if (!decode) throw new UnreadableBody('unreadable', 'an unknown content encoding');
  try {
    return await decode(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    throw isTooLarge(error)
      ? new UnreadableBody('tooLarge', `more than ${String(maxBytes)} bytes in ${coding}`)
      : new UnreadableBody('unreadable', `an invalid ${coding} body`, { cause: error });
  }
}

/**
 * Removes the content encoding of a body, which some servers and proxies apply without being asked.
 * @param contentEncoding the Content-Encoding header
 * @param maxBytes the largest decoded body, so that a small one cannot fill the memory
 * @throws UnreadableBody
 */
export async function decodeContent(
  bytes: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const codings = (contentEncoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
  if (codings.length > MAX_CODINGS) {
    throw new UnreadableBody('unreadable', 'too many content encodings');
  }
  let decoded = bytes;
  // The codings are listed in the order in which they were applied.
  for (const coding of codings.reverse()) {
    if (decoded.length > 0) decoded = await decodeCoding(coding, decoded, maxBytes);
  }
  return decoded;
}

/** GB 18030 includes GBK, which includes GB 2312. */
const textDecoders: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  gb18030: 'gb18030',
  gbk: 'gb18030',
  gb2312: 'gb18030',
};

/**
 * Decodes a body by the charset of its Content-Type header, UTF-8 unless declared. A byte order mark is
 * dropped. Bytes that are invalid in the charset refuse the whole text: replacement characters would be stored,
 * and sold as a package's name.
 * @throws UnreadableBody
 */
export function decodeText(bytes: Buffer, contentType: string | undefined): string {
  const declared = /;\s*charset\s*=\s*"?([^\s";]{1,40})/i.exec(contentType ?? '')?.[1];
  const charset = declared?.toLowerCase() ?? 'utf-8';
  const label = textDecoders[charset];
  if (label === undefined) throw new UnreadableBody('unreadable', 'an unsupported charset');
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UnreadableBody('unreadable', `bytes that are not ${charset}`, { cause: error });
  }
}
