import type { KeyObject } from 'node:crypto';
import { parseJson } from '../parse-json';
import { UpstreamFault } from '../upstream-fault';
import type { UpstreamAnswer, UpstreamHttp } from '../upstream-http';
import type { Warn } from '../warn';
import { readCertificates } from './certificates';
import type { PlatformCertificate } from './certificates';
import { signRequest } from './build-request';
import type { ApiRequest, RequestSigner } from './build-request';
import { describeStatus, describeUnverified, verifyAnswer } from './verify-answer';

export interface CertificateDownloadContext extends RequestSigner {
  http: UpstreamHttp;
  apiV3Key: KeyObject;
  warn: Warn;
}

const CERTIFICATES: ApiRequest = {
  operation: 'certificates',
  method: 'GET',
  path: '/v3/certificates',
};

async function fetchList(context: CertificateDownloadContext): Promise<UpstreamAnswer | undefined> {
  try {
    return await context.http.send(signRequest(context, CERTIFICATES));
  } catch (error) {
    if (error instanceof UpstreamFault) return undefined;
    throw error;
  }
}

/**
 * Downloads the valid platform certificates; undefined if that fails. The first list can only be signed
 * with a certificate it contains itself. It can still be trusted, because its certificates are encrypted
 * with the API v3 key, which only WeChat Pay and the merchant know.
 * @param findCached finds the key of a certificate downloaded before
 */
export async function downloadCertificates(
  context: CertificateDownloadContext,
  findCached: (serial: string) => KeyObject | undefined,
): Promise<PlatformCertificate[] | undefined> {
  const answer = await fetchList(context);
  if (answer === undefined) return undefined;
  const now = context.clock();
  const downloaded = readCertificates(parseJson(answer.text), context.apiV3Key, now) ?? [];
  const findKey = (serial: string) => {
    const listed = downloaded.find((each) => each.serial === serial.toUpperCase());
    return Promise.resolve(listed?.key ?? findCached(serial));
  };
  const problem = await verifyAnswer(answer, findKey, now);
  if (problem === undefined && answer.status === 200) return downloaded;
  context.warn('platform certificates cannot be downloaded', {
    operation: CERTIFICATES.operation,
    problem: problem === undefined ? describeStatus(answer) : describeUnverified(answer, problem),
  });
  return undefined;
}
