import type { LocalizedText } from '@shared/language';

export const subjects = {
  settings: { 'zh-CN': '设置', en: 'Settings' },
  shingsou: { 'zh-CN': '旭宇', en: 'Shingsou' },
  dakashi: { 'zh-CN': '大卡师', en: 'Dakashi' },
  mxchip: { 'zh-CN': '庆科', en: 'MXCHIP' },
  wechat: { 'zh-CN': '微信', en: 'WeChat' },
  wechatpay: { 'zh-CN': '微信支付', en: 'WeChat Pay' },
  store: { 'zh-CN': '数据库', en: 'Store' },
  publicUrl: { 'zh-CN': '公网地址', en: 'Public address' },
} as const satisfies Record<string, LocalizedText>;
export type SubjectName = keyof typeof subjects;

export const checks = {
  readable: { 'zh-CN': '可读', en: 'readable' },
  reachable: { 'zh-CN': '可达', en: 'reachable' },
  clock: { 'zh-CN': '时钟', en: 'clock' },
  credentials: { 'zh-CN': '凭据', en: 'credentials' },
  tokenForm: { 'zh-CN': '令牌请求格式', en: 'token request form' },
  scopes: { 'zh-CN': '权限', en: 'scopes' },
  subscriptionKey: { 'zh-CN': '订阅密钥', en: 'subscription key' },
  allowList: { 'zh-CN': 'IP 白名单', en: 'IP allow-list' },
  balance: { 'zh-CN': '余额', en: 'balance' },
  durable: { 'zh-CN': '断电不丢数据', en: 'durable' },
  schema: { 'zh-CN': '表结构', en: 'schema' },
  secure: { 'zh-CN': 'https', en: 'https' },
  resolves: { 'zh-CN': '域名解析', en: 'resolves' },
} as const satisfies Record<string, LocalizedText>;
export type CheckName = keyof typeof checks;

/** What was seen: all is well, something is wrong, or nothing could be seen or need be. */
export interface CheckResult {
  check: CheckName;
  state: 'ok' | 'bad' | 'none';
  /** Figures and codes that read the same in every language; never a secret or a number of a card. */
  detail?: string;
  /** What is wrong and what to do, or why nothing was seen. */
  advice?: LocalizedText;
}

export interface Finding extends CheckResult {
  subject: SubjectName;
}

export function ok(check: CheckName, detail?: string): CheckResult {
  return { check, state: 'ok', ...(detail !== undefined && { detail }) };
}

export function bad(check: CheckName, advice: LocalizedText, detail?: string): CheckResult {
  return { check, state: 'bad', advice, ...(detail !== undefined && { detail }) };
}

export function none(check: CheckName, advice: LocalizedText, detail?: string): CheckResult {
  return { check, state: 'none', advice, ...(detail !== undefined && { detail }) };
}

export function findingsFor(subject: SubjectName, results: readonly CheckResult[]): Finding[] {
  return results.map((one) => ({ subject, ...one }));
}
