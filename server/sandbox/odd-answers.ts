import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Context, Middleware } from 'koa';
import type { AnswerForm } from './answer-forms';
import type { Simulator } from './simulator';

/** More than any client should accept. */
const BOMB_BYTES = 20_000_000;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** Starts no character in UTF-8. */
const INVALID_BYTE = 0xff;

function setEncoded(ctx: Context, coding: string, body: Buffer): void {
  const { type } = ctx;
  ctx.body = body;
  ctx.set('Content-Encoding', coding);
  ctx.type = type;
}

let encoder: Map<string, Buffer> | undefined;

/** GBK's bytes of each character. Node.js decodes GBK, but does not encode it. */
function gbkEncoder(): Map<string, Buffer> {
  if (encoder) return encoder;
  encoder = new Map();
  const decoder = new TextDecoder('gbk');
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const bytes = Buffer.from([lead, trail]);
      const text = decoder.decode(bytes);
      if (text.length === 1 && !encoder.has(text)) encoder.set(text, bytes);
    }
  }
  return encoder;
}

function encodeGbk(text: string): Buffer {
  const characters = [...text].map((character) =>
    character < '\u0080'
      ? Buffer.from(character)
      : (gbkEncoder().get(character) ?? Buffer.from('?')),
  );
  return Buffer.concat(characters);
}

/** Bytes of a text that are no UTF-8: the first quoted text ends in the middle of a character. */
function breakUtf8(body: Buffer): Buffer {
  const quote = body.lastIndexOf('"');
  return Buffer.concat([
    body.subarray(0, quote),
    Buffer.from([INVALID_BYTE]),
    body.subarray(quote),
  ]);
}

/** Sends half of a body under the length of all of it, then drops the connection. */
function truncate(ctx: Context, body: Buffer): void {
  ctx.respond = false;
  ctx.res.writeHead(ctx.status, { 'content-type': ctx.type, 'content-length': body.length });
  ctx.res.write(body.subarray(0, Math.floor(body.length / 2)), () => ctx.res.destroy());
}

function redirect(ctx: Context): void {
  ctx.status = 302;
  ctx.set('Location', 'https://login.example.com/?next=%2F');
  ctx.body = '';
}

const senders: Readonly<Record<AnswerForm, (ctx: Context, body: Buffer) => void>> = {
  gzip(ctx, body) {
    setEncoded(ctx, 'gzip', gzipSync(body));
  },
  deflate(ctx, body) {
    setEncoded(ctx, 'deflate', deflateSync(body));
  },
  brotli(ctx, body) {
    setEncoded(ctx, 'br', brotliCompressSync(body));
  },
  gbk(ctx, body) {
    // A signature covers the bytes that the platform sends, and it was made over UTF-8.
    if (ctx.response.get('Wechatpay-Signature')) return;
    ctx.body = encodeGbk(body.toString());
    ctx.set('Content-Type', 'application/json; charset=GBK');
  },
  byteOrderMark(ctx, body) {
    if (!ctx.response.get('Wechatpay-Signature')) ctx.body = Buffer.concat([BYTE_ORDER_MARK, body]);
  },
  noContentType(ctx, body) {
    ctx.body = body;
    ctx.remove('Content-Type');
  },
  redirect,
  noContent(ctx) {
    ctx.body = null;
    ctx.status = 204;
  },
  truncated: truncate,
  invalidUtf8(ctx, body) {
    ctx.body = breakUtf8(body);
  },
  gzipBomb(ctx) {
    setEncoded(ctx, 'gzip', gzipSync(Buffer.alloc(BOMB_BYTES, ' ')));
  },
};

function bodyOf({ body }: Context): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? ''));
}

/** The platforms' answers in the form that the fault `oddAnswers` names. Control routes answer as usual. */
export function sendOddAnswers({ state }: Simulator): Middleware {
  return async (ctx, next) => {
    await next();
    const form = state.faults.oddAnswers;
    const hasBody = ctx.body !== undefined && ctx.body !== null;
    if (form === null || !hasBody || ctx.respond === false || ctx.path.startsWith('/sandbox'))
      return;
    senders[form](ctx, bodyOf(ctx));
  };
}
