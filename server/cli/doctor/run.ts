import { terminalLanguage } from '../../lib/command-line';
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
import { checkWechat } from './wechat';
import { checkWechatPay } from './wechatpay';

export interface DoctorOptions {
  environment: Environment;
  /** Prints JSON instead of lines for people. */
  json: boolean;
  out(text: string): void;
  /** Epoch milliseconds. */
  clock: () => number;
}

type PlatformCheck = () => Promise<Finding[]>;

/** A check for each platform that the settings name, for the store and for the public address. */
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
  return platformChecks.filter((check) => check !== undefined);
}

function settingsFindings(error: unknown): Finding[] {
  if (!(error instanceof SettingsError)) throw error;
  const advice = { 'zh-CN': '请更正这项设置', en: 'correct this setting' };
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
  return (await Promise.all(listPlatformChecks(settings, clock).map((check) => check()))).flat();
}

/** Checks all that Liuka needs. @returns the exit code: 1 if anything has to be corrected */
export async function runDoctor(options: DoctorOptions): Promise<number> {
  const { environment, json, out } = options;
  const findings = await runPlatformChecks(options);
  const language = terminalLanguage(environment);
  if (json) {
    out(`${JSON.stringify(findings, null, 2)}\n`);
  } else {
    for (const finding of findings) out(`${printFinding(finding, language)}\n`);
    out(`${printVerdict(findings, language)}\n`);
  }
  return findings.some(({ state }) => state === 'bad') ? 1 : 0;
}
