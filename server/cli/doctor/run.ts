import { negotiateLanguage } from '@shared/language';
import type { Language } from '@shared/language';
import { findingsFor, bad } from './finding';
import type { Finding } from './finding';
import { printFinding, printVerdict } from './print';
import { checkPublicUrl } from './public-url';
import { checkStore } from './store';
import { SettingsError, readSettings } from '../../settings';
import type { Environment, Settings } from '../../settings';
import { checkDakashi } from './dakashi';
import { checkMxchip } from './mxchip';
import { checkShingsou } from './shingsou';
import { checkWechat, checkWechatPay } from './wechat';

export interface DoctorOptions {
  environment: Environment;
  out(text: string): void;
  /** Epoch milliseconds. */
  clock: () => number;
}

type PlatformCheck = () => Promise<Finding[]>;

/** A look at each platform that the settings name, and at what Liuka stands on. */
function listPlatformChecks(settings: Settings, clock: () => number): PlatformCheck[] {
  const { shingsou, dakashi, mxchip, wechatpay } = settings;
  const platformChecks: (PlatformCheck | undefined)[] = [
    shingsou &&
      (async () => findingsFor('shingsou', await checkShingsou(shingsou, settings, clock))),
    dakashi && (async () => findingsFor('dakashi', await checkDakashi(dakashi, clock))),
    mxchip && (async () => findingsFor('mxchip', await checkMxchip(mxchip, clock))),
    settings.login.provider === 'wechat'
      ? async () => findingsFor('wechat', await checkWechat(settings, clock))
      : undefined,
    wechatpay &&
      (async () => findingsFor('wechatpay', await checkWechatPay(wechatpay, settings, clock))),
    async () => findingsFor('store', await checkStore(settings.store)),
    async () => findingsFor('publicUrl', await checkPublicUrl(settings.listen.publicUrl)),
  ];
  return platformChecks.filter((look) => look !== undefined);
}

function settingsFindings(error: unknown): Finding[] {
  if (!(error instanceof SettingsError)) throw error;
  const advice = { 'zh-CN': '请更正这项设置', en: 'put this setting right' };
  return findingsFor(
    'settings',
    error.faults.map((fault) => bad('readable', advice, fault)),
  );
}

async function runPlatformChecks({ environment, clock }: DoctorOptions): Promise<Finding[]> {
  let settings: Settings;
  try {
    settings = readSettings(environment);
  } catch (error) {
    return settingsFindings(error);
  }
  return (await Promise.all(listPlatformChecks(settings, clock).map((look) => look()))).flat();
}

function languageOf({ LC_ALL, LC_MESSAGES, LANG }: Environment): Language {
  return negotiateLanguage(LC_ALL || LC_MESSAGES || LANG);
}

/** Looks at all that Liuka needs, and answers the exit code: 1 if anything is to be mended. */
export async function runDoctor(argv: readonly string[], options: DoctorOptions): Promise<number> {
  const { environment, out } = options;
  const findings = await runPlatformChecks(options);
  const language = languageOf(environment);
  if (argv.includes('--json')) {
    out(`${JSON.stringify(findings, null, 2)}\n`);
  } else {
    for (const finding of findings) out(`${printFinding(finding, language)}\n`);
    out(`${printVerdict(findings, language)}\n`);
  }
  return findings.some(({ state }) => state === 'bad') ? 1 : 0;
}
