import { StoreUnavailable } from './store';

/** What became of a statement that failed, as far as the error tells. */
export interface PostgresFault {
  /** The connection is gone, or can no longer be trusted. */
  connectionLost: boolean;
  /** The statement certainly never reached the server. */
  unsent: boolean;
  /** What to throw. */
  error: unknown;
}

/** SQLSTATEs (PostgreSQL manual, appendix A) after which the server has closed the connection. */
const CONNECTION_CLOSED = new Set(['57P01', '57P02', '57P03', '57P05', '25P03']);
/** Those that end a statement or transaction which may well succeed another time. */
const TRANSIENT = new Set(['40001', '40P01', '55P03', '57014', '25006']);
/** Classes of such: 53 insufficient resources, 58 system error. */
const TRANSIENT_CLASSES = ['53', '58'];

const NETWORK_ERRORS = new Set([
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
const CONNECTION_LOST_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect)/;
const UNSENT_SUFFIX = 'is not queryable';

/** Reads an error of pg, or of Node's sockets. What is thrown on carries no values of rows. */
export function readPostgresFault(error: unknown): PostgresFault {
  if (!isErrorLike(error)) return { connectionLost: false, unsent: false, error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const unsent = error.message.endsWith(UNSENT_SUFFIX);
  const connectionLost = unsent || isConnectionLost(code, error.message);
  if (connectionLost || isTransient(code)) {
    const message = code === '' ? error.message : `${error.message} (${code})`;
    return {
      connectionLost,
      unsent,
      error: new StoreUnavailable(`PostgreSQL: ${message}`, { cause: error }),
    };
  }
  return { connectionLost, unsent, error: withoutValues(error) };
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

function isConnectionLost(code: string, message: string): boolean {
  return (
    CONNECTION_CLOSED.has(code) ||
    NETWORK_ERRORS.has(code) ||
    (code.length === 5 && code.startsWith('08')) ||
    (code === '' && CONNECTION_LOST_MESSAGES.test(message))
  );
}

function isTransient(code: string): boolean {
  return TRANSIENT.has(code) || TRANSIENT_CLASSES.some((start) => code.startsWith(start));
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
