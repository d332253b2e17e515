import { request } from 'undici';
import type { CheckResult } from './finding';
import { bad, none, ok } from './finding';

/** What a host said when it was called. */
type HostResponse =
  | { outcome: 'answered'; milliseconds: number; date: string | undefined }
  /** With the code of the operating system, such as ECONNREFUSED, where there is one. */
  | { outcome: 'unreachable'; code: string };

const TIMEOUT_MS = 5_000;
/** 大卡师 takes time stamps up to five minutes old, WeChat signs for five: half of it is a warning. */
const MAX_SKEW_MS = 150_000;

function codeOf(error: unknown): string {
  const isCoded = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isCoded ? String(error.code) : 'no answer';
}

/** Asks a host for its front page: any HTTP answer will do. */
async function reach(origin: string, now: () => number): Promise<HostResponse> {
  const startedAt = now();
  try {
    const { headers, body } = await request(origin, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    await body.dump();
    const { date } = headers;
    const milliseconds = now() - startedAt;
    return { outcome: 'answered', milliseconds, date: typeof date === 'string' ? date : undefined };
  } catch (error) {
    return { outcome: 'unreachable', code: codeOf(error) };
  }
}

function checkClock(date: string | undefined, now: number): CheckResult {
  const theirs = Date.parse(date ?? '');
  if (Number.isNaN(theirs)) {
    return none('clock', { 'zh-CN': '对方没有报时', en: 'the host tells no time' });
  }
  const skew = Math.round((now - theirs) / 1000);
  const detail = `${skew >= 0 ? '+' : ''}${skew} s`;
  if (Math.abs(skew) * 1000 <= MAX_SKEW_MS) return ok('clock', detail);
  return bad(
    'clock',
    {
      'zh-CN': '本机时间与平台相差太多，签名和令牌会被拒绝：请打开 NTP 校时',
      en: 'this machine and the host disagree about the time, signatures will be refused: turn NTP on',
    },
    detail,
  );
}

/** Whether a host answers, and what its clock says (RFC 9110, 6.6.1). `now` is ours, in epoch ms. */
export async function checkHost(origin: string, now: () => number): Promise<CheckResult[]> {
  const hostResponse = await reach(origin, now);
  const { host } = new URL(origin);
  if (hostResponse.outcome === 'unreachable') {
    const advice = {
      'zh-CN': '连不上：检查地址、DNS、出口防火墙',
      en: 'no answer: look at the address, DNS and the firewall on the way out',
    };
    return [bad('reachable', advice, `${host} ${hostResponse.code}`)];
  }
  return [
    ok('reachable', `${host} ${hostResponse.milliseconds} ms`),
    checkClock(hostResponse.date, now()),
  ];
}
