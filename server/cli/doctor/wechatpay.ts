import type { LocalizedText } from '@shared/language';
import type { CheckResult } from './finding';
import { bad, none, ok } from './finding';
import { checkHost } from './host';
import { createWechatPay } from '../../platforms/wechatpay';
import type { Settings } from '../../settings';
import type { Merchant } from '../../settings/accounts';
import { attempt } from './attempt';

/** What to do about an error code (签名相关问题: 401; JSAPI/小程序下单, 查询订单: 错误码). */
const codeAdvice: Readonly<Record<string, LocalizedText>> = {
  SIGN_ERROR: {
    'zh-CN':
      '签名被拒绝：检查 WECHATPAY_MCH_ID，WECHATPAY_SERIAL 与 WECHATPAY_PRIVATE_KEY 是否属于同一张有效的商户 API 证书，以及本机时间',
    en: 'the signature is refused: check WECHATPAY_MCH_ID, whether WECHATPAY_SERIAL and WECHATPAY_PRIVATE_KEY belong to the same valid merchant certificate, and the clock',
  },
  PARAM_ERROR: {
    'zh-CN': '参数被拒绝：检查 WECHATPAY_MCH_ID 与 WECHAT_APP_ID',
    en: 'a parameter is refused: check WECHATPAY_MCH_ID and WECHAT_APP_ID',
  },
  MCH_NOT_EXISTS: {
    'zh-CN': '商户号不存在：检查 WECHATPAY_MCH_ID',
    en: 'there is no such merchant: check WECHATPAY_MCH_ID',
  },
  APPID_MCHID_NOT_MATCH: {
    'zh-CN': '商户号与小程序没有绑定：在商户平台“产品中心”的 AppID 账号管理中关联 WECHAT_APP_ID',
    en: 'merchant and mini-program are not linked: link WECHAT_APP_ID in the merchant console, 产品中心, AppID账号管理',
  },
  NO_AUTH: {
    'zh-CN': '商户号没有权限：在商户平台开通 JSAPI 支付，并查看账户是否受限',
    en: 'the merchant has no permission: enable JSAPI payments in the merchant console, and check whether the account is restricted',
  },
};

const NO_CERTIFICATES: LocalizedText = {
  'zh-CN': '商户号没有平台证书：设置 WECHATPAY_PUBLIC_KEY 与 WECHATPAY_PUBLIC_KEY_ID',
  en: 'the merchant has no platform certificates: set WECHATPAY_PUBLIC_KEY and WECHATPAY_PUBLIC_KEY_ID',
};

/** What to do about an answer that cannot be verified, by what is wrong with its signature. */
const signatureAdvice: readonly (readonly [problem: RegExp, advice: LocalizedText])[] = [
  [
    /has a wrong signature/,
    {
      'zh-CN': '应答验签不通过：检查 WECHATPAY_PUBLIC_KEY 是否与 WECHATPAY_PUBLIC_KEY_ID 对应',
      en: 'the signature of the answer is wrong: check whether WECHATPAY_PUBLIC_KEY belongs to WECHATPAY_PUBLIC_KEY_ID',
    },
  ],
  [
    /under an unknown serial/,
    {
      'zh-CN':
        '没有验签所需的公钥：检查 WECHATPAY_PUBLIC_KEY_ID；用平台证书的商户号检查 WECHATPAY_API_V3_KEY',
      en: 'there is no key to verify the answer: check WECHATPAY_PUBLIC_KEY_ID or, with platform certificates, WECHATPAY_API_V3_KEY',
    },
  ],
  [
    /at another time/,
    {
      'zh-CN': '应答的时间与本机相差太多：请打开 NTP 校时',
      en: 'the answer was signed at another time than this machine’s: turn NTP on',
    },
  ],
  [
    /is not signed/,
    {
      'zh-CN': '应答没有签名：检查 WECHATPAY_URL，以及中间的代理是否去掉了 Wechatpay- 开头的响应头',
      en: 'the answer is not signed: check WECHATPAY_URL, and whether a proxy removes the Wechatpay- headers',
    },
  ],
];

const OTHER: LocalizedText = {
  'zh-CN': '签名的请求未被接受：检查商户号、证书序列号、私钥、APIv3 密钥和微信支付公钥',
  en: 'a signed request is not accepted: check merchant id, serial, private key, APIv3 key and public key',
};

const NO_USABLE_ANSWER: LocalizedText = {
  'zh-CN': '没有可用的应答，看不出，请稍后再试',
  en: 'no usable answer, try again later',
};

/** The code of a refusal, or the status of an answer with the code it may have. */
const REFUSAL = /\b(?:HTTP (?<status>\d{3})|refused with)(?: (?<code>[A-Z][A-Z0-9_]{1,63}))?\b/;

function unverified(advice: LocalizedText): LocalizedText {
  return {
    'zh-CN': `${advice['zh-CN']}（应答未经验签，仅供参考）`,
    en: `${advice.en} (unverified: the answer is not proved to be WeChat Pay’s)`,
  };
}

/** Whether an answer says nothing about credentials: WeChat Pay or a gateway fails, or limits the rate. */
function isTransient(status: number): boolean {
  return status === 429 || status >= 500;
}

/**
 * @param problem why the query has no usable answer
 * @param certificates why the platform certificates could not be downloaded; undefined if none were asked for
 */
function explainFailure(problem: string, certificates: string | undefined): CheckResult {
  const { status, code = '' } = REFUSAL.exec(problem)?.groups ?? {};
  if (!REFUSAL.test(problem) || isTransient(Number(status))) {
    return none('credentials', NO_USABLE_ANSWER, problem);
  }
  const detail = certificates === undefined ? problem : `${problem}; certificates: ${certificates}`;
  if (certificates?.includes('RESOURCE_NOT_EXISTS')) {
    return bad('credentials', unverified(NO_CERTIFICATES), detail);
  }
  const found = signatureAdvice.find(([pattern]) => pattern.test(problem))?.[1];
  const advice = codeAdvice[code] ?? found ?? OTHER;
  return bad('credentials', found ? unverified(advice) : advice, detail);
}

/** Sends a signed query about an order that does not exist. */
async function checkCredentials(
  merchant: Merchant,
  settings: Settings,
  clock: () => number,
): Promise<CheckResult> {
  let certificates: string | undefined;
  const { payments, close } = createWechatPay({
    ...merchant,
    appId: settings.wechat.appId,
    notifyUrl: 'https://liuka.invalid',
    clock,
    warn: (_message, { operation, problem }) => {
      if (operation === 'certificates') certificates = String(problem);
    },
  });
  const result = await attempt(() => payments.queryPayment('LIUKADOCTORASKS'));
  await close();
  return 'value' in result ? ok('credentials') : explainFailure(result.problem, certificates);
}

/** WeChat Pay: the host, then the merchant's credentials. */
export async function checkWechatPay(
  merchant: Merchant,
  settings: Settings,
  clock: () => number,
): Promise<CheckResult[]> {
  const results = await checkHost(merchant.url, clock);
  return results[0]?.state === 'ok'
    ? [...results, await checkCredentials(merchant, settings, clock)]
    : results;
}
