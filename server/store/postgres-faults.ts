import { StoreUnavailable } from './store';

/** What an error tells about the failed statement. */
export interface PostgresFault {
  /** The connection is gone, or can no longer be trusted. */
  connectionLost: boolean;
  /** The statement certainly did not reach the server. */
  unsent: boolean;
  /** The error to throw. */
  error: unknown;
}

/** SQLSTATEs (PostgreSQL manual, appendix A) after which the server has closed the connection. */
const CONNECTION_CLOSED = new Set(['57P01', '57P02', '57P03', '57P05', '25P03']);
/** SQLSTATEs after which a retry of the statement or transaction can succeed. */
const TRANSIENT = new Set(['40001', '40P01', '55P03', '57014', '25006']);
/** Classes of such SQLSTATEs: 53 insufficient resources, 58 system error. */
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
/** pg's own errors have no code. */
const CONNECTION_LOST_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect)/;
const UNSENT_SUFFIX = 'is not queryable';

/** Classifies an error of pg or of Node's sockets. The error to throw contains no values of rows. */
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

/** By shape, because `instanceof` fails for errors of another realm. */
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

/** `Key (app_id, openid)=(…) already exists.`: in every language of the server the brackets are the same. */
const KEY = /\(([^()]+)\)=\(/;

/**
 * Removes the fields that quote rows, because errors are logged: `detail` has the values of a violated key,
 * `where` those of functions. Keeps the columns of the key as `columns`.
 */
function withoutValues(error: ErrorLike): unknown {
  const detail = 'detail' in error ? String(error.detail) : '';
  const columns = KEY.exec(detail)?.[1];
  for (const name of ['detail', 'where', 'internalQuery']) Reflect.deleteProperty(error, name);
  return columns === undefined ? error : Object.assign(error, { columns });
}
