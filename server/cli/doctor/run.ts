import { negotiateLanguage } from '@shared/language';
import type { Language } from '@shared/language';
import { about, bad } from '../../doctor/finding';
import type { Finding } from '../../doctor/finding';
import { printFinding, printVerdict } from '../../doctor/print';
import { lookAtPublicUrl } from '../../doctor/public-url';
import { lookAtStore } from '../../doctor/store';
import { SettingsError, readSettings } from '../../settings';
import type { Environment, Settings } from '../../settings';
import { lookAtDakashi } from './dakashi';
import { lookAtMxchip } from './mxchip';
import { lookAtShingsou } from './shingsou';
import { lookAtWechat, lookAtWechatPay } from './wechat';

export interface DoctorOptions {
  environment: Environment;
  out(text: string): void;
  /** Epoch milliseconds. */
  clock: () => number;
}

type Look = () => Promise<Finding[]>;

/** A look at each platform that the settings name, and at what Liuka stands on. */
function looksAt(settings: Settings, clock: () => number): Look[] {
  const { SHINGSOU, DAKASHI, MXCHIP, WECHATPAY, DATABASE_URL, UNSAFE_STORE } = settings;
  const store = { databaseUrl: DATABASE_URL, acceptLoss: UNSAFE_STORE !== undefined };
  const looks: (Look | undefined)[] = [
    SHINGSOU && (async () => about('shingsou', await lookAtShingsou(SHINGSOU, settings, clock))),
    DAKASHI && (async () => about('dakashi', await lookAtDakashi(DAKASHI, clock))),
    MXCHIP && (async () => about('mxchip', await lookAtMxchip(MXCHIP, clock))),
    settings.LOGIN === 'wechat'
      ? async () => about('wechat', await lookAtWechat(settings, clock))
      : undefined,
    WECHATPAY &&
      (async () => about('wechatpay', await lookAtWechatPay(WECHATPAY, settings, clock))),
    async () => about('store', await lookAtStore(store)),
    async () => about('publicUrl', await lookAtPublicUrl(settings.PUBLIC_URL)),
  ];
  return looks.filter((look) => look !== undefined);
}

function readFaults(error: unknown): Finding[] {
  if (!(error instanceof SettingsError)) throw error;
  const advice = { 'zh-CN': '请更正这项设置', en: 'put this setting right' };
  return about(
    'settings',
    error.faults.map((fault) => bad('readable', advice, fault)),
  );
}

async function examine({ environment, clock }: DoctorOptions): Promise<Finding[]> {
  let settings: Settings;
  try {
    settings = readSettings(environment);
  } catch (error) {
    return readFaults(error);
  }
  return (await Promise.all(looksAt(settings, clock).map((look) => look()))).flat();
}

function languageOf({ LC_ALL, LC_MESSAGES, LANG }: Environment): Language {
  return negotiateLanguage(LC_ALL || LC_MESSAGES || LANG);
}

/** Looks at all that Liuka needs, and answers the exit code: 1 if anything is to be mended. */
export async function runDoctor(argv: readonly string[], options: DoctorOptions): Promise<number> {
  const { environment, out } = options;
  const findings = await examine(options);
  const language = languageOf(environment);
  if (argv.includes('--json')) {
    out(`${JSON.stringify(findings, null, 2)}\n`);
  } else {
    for (const finding of findings) out(`${printFinding(finding, language)}\n`);
    out(`${printVerdict(findings, language)}\n`);
  }
  return findings.some(({ state }) => state === 'bad') ? 1 : 0;
}
