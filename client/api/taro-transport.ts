import Taro from '@tarojs/taro';
import { isRecord } from '@client/lib/guards';
import { TransportFailure } from './transport';
import type { HttpResponse, HttpRequest, Method, Transport } from './transport';

/** Longer than the BFF's own timeout for platforms, so that the BFF's error arrives first. */
const TIMEOUT_MS = 15_000;

function lowerCaseKeys(headers: unknown): Record<string, string> {
  const result: Record<string, string> = {};
  if (!isRecord(headers)) return result;
  for (const [name, value] of Object.entries(headers)) result[name.toLowerCase()] = String(value);
  return result;
}

/**
 * wx.request does not support PATCH (its `method` accepts OPTIONS, GET, HEAD, POST, PUT, DELETE, TRACE
 * and CONNECT), so the mini-program sends a POST with a method override header.
 */
function weChatMethod(method: Method): { method: Exclude<Method, 'PATCH'>; header: object } {
  if (method !== 'PATCH') return { method, header: {} };
  return { method: 'POST', header: { 'X-HTTP-Method-Override': 'PATCH' } };
}

function methodOptions(method: Method): { method: Method; header: object } {
  return process.env.TARO_ENV === 'weapp' ? weChatMethod(method) : { method, header: {} };
}

function toTransportFailure(error: unknown): TransportFailure {
  const text = isRecord(error) || error instanceof Error ? JSON.stringify(errorTexts(error)) : '';
  return new TransportFailure(/time.?out|abort/i.test(text) ? 'timeout' : 'offline');
}

function errorTexts(error: object): unknown[] {
  return ['name', 'message', 'errMsg'].map((key): unknown => Reflect.get(error, key));
}

async function send(request: HttpRequest): Promise<HttpResponse> {
  const { method, header } = methodOptions(request.method);
  const response = await Taro.request<unknown>({
    url: request.url,
    method,
    header: { ...request.headers, ...header },
    timeout: TIMEOUT_MS,
    ...(request.body === undefined ? {} : { data: request.body as object }),
  });
  return {
    status: response.statusCode,
    headers: lowerCaseKeys(response.header),
    body: response.data,
  };
}

/** Sends requests with `Taro.request`: wx.request in the mini-program, fetch in browsers. */
export const taroTransport: Transport = async (request) => {
  try {
    return await send(request);
  } catch (error) {
    throw toTransportFailure(error);
  }
};
