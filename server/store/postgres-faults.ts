import { StoreUnavailable } from './store';

/** What became of a statement that failed, as far as the error tells. */
export interface PostgresFault {
  /** The connection is gone, or can no longer be trusted. */
  lost: boolean;
  /** The statement certainly never reached the server. */
  unsent: boolean;
  /** What to throw. */
  error: unknown;
}

/** SQLSTATEs (PostgreSQL manual, appendix A) after which the server has closed the connection. */
const CLOSING = new Set(['57P01', '57P02', '57P03', '57P05', '25P03']);
/** Those that end a statement or transaction which may well succeed another time. */
const PASSING = new Set(['40001', '40P01', '55P03', '57014', '25006']);
/** Classes of such: 53 insufficient resources, 58 system error. */
const PASSING_CLASSES = ['53', '58'];

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);
/** Errors that pg makes itself have no code. */
const LOST_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect)/;
const UNSENT_END = 'is not queryable';

/** Reads an error of pg, or of Node's sockets. What is thrown on carries no values of rows. */
export function readPostgresFault(error: unknown): PostgresFault {
  if (!isErrorLike(error)) return { lost: false, unsent: false, error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const unsent = error.message.endsWith(UNSENT_END);
  const lost = unsent || isLost(code, error.message);
  if (lost || isPassing(code)) {
    const told = code === '' ? error.message : `${error.message} (${code})`;
    return { lost, unsent, error: new StoreUnavailable(`PostgreSQL: ${told}`, { cause: error }) };
  }
  return { lost, unsent, error: withoutValues(error) };
}

interface ErrorLike {
  message: string;
}

/** Told by its shape: errors of native code are of the class where that was first loaded. */
function isErrorLike(error: unknown): error is ErrorLike {
  return (
    typeof error === 'object' &&
    error !== null &&
    'message' in error &&
    typeof error.message === 'string'
  );
}

function isLost(code: string, message: string): boolean {
  return (
    CLOSING.has(code) ||
    NETWORK.has(code) ||
    (code.length === 5 && code.startsWith('08')) ||
    (code === '' && LOST_MESSAGES.test(message))
  );
}

function isPassing(code: string): boolean {
  return PASSING.has(code) || PASSING_CLASSES.some((start) => code.startsWith(start));
}

/** `Key (app_id, openid)=(…) already exists.`: the same brackets in every language of the server. */
const KEY = /\(([^()]+)\)=\(/;

/**
 * Takes out what quotes rows (`detail` tells the values of a violated key, `where` those of functions),
 * because errors are logged. The columns of the key stay, as `columns`.
 */
function withoutValues(error: ErrorLike): unknown {
  const detail = 'detail' in error ? String(error.detail) : '';
  const columns = KEY.exec(detail)?.[1];
  for (const name of ['detail', 'where', 'internalQuery']) Reflect.deleteProperty(error, name);
  return columns === undefined ? error : Object.assign(error, { columns });
}
