import type { LocalizedText } from './language';

export const carriers = ['mobile', 'telecom', 'unicom', 'unknown'] as const;
export type Carrier = (typeof carriers)[number];

export const carrierNames: Readonly<Record<Carrier, LocalizedText>> = {
  mobile: { 'zh-CN': '中国移动', en: 'China Mobile' },
  telecom: { 'zh-CN': '中国电信', en: 'China Telecom' },
  unicom: { 'zh-CN': '中国联通', en: 'China Unicom' },
  unknown: { 'zh-CN': '运营商未知', en: 'Unknown carrier' },
};

export const cardStatusCodes = [
  'active',
  'testing',
  'pendingActivation',
  'inventory',
  'suspended',
  'arrears',
  'violation',
  'lost',
  'dormant',
  'transferred',
  'preCancelled',
  'cancelled',
  'notFound',
  'unknown',
] as const;
export type CardStatusCode = (typeof cardStatusCodes)[number];

/** One row of a carrier's table: its code and wording, and the status they are mapped to. */
export interface CarrierStatus {
  carrierCode: string;
  /** The carrier's wording, verbatim; empty where its table leaves it blank. */
  carrierText: string;
  code: CardStatusCode;
  /** Replaces the label of `code` where the carrier's status is more exact. */
  label?: LocalizedText;
  /** Replaces the advice of `code` for cards that a top-up does not restore; they cannot buy packages. */
  adviceAgainstTopUp?: LocalizedText;
}

/**
 * The complete card status tables of 旭宇 IOT's access document, section 卡状态表 (移动卡, 电信卡, 联通卡).
 * Codes and texts are the document's; the mapping to our codes is ours.
 *
 * The document lists 移动 1 twice (单向停机 and 停机). The code alone does not distinguish them, so both
 * rows are kept and mapped to `suspended`, which fits both. 联通 9 has no text. 联通 10 and 11 (当前账期,
 * 一直) name billing periods, not card states, so they are mapped to `unknown`.
 */
export const carrierStatusTables: Readonly<
  Record<Exclude<Carrier, 'unknown'>, readonly CarrierStatus[]>
> = {
  mobile: [
    { carrierCode: '0', carrierText: '正常', code: 'active' },
    { carrierCode: '1', carrierText: '单向停机', code: 'suspended' },
    { carrierCode: '1', carrierText: '停机', code: 'suspended' },
    { carrierCode: '2', carrierText: '停机', code: 'suspended' },
    { carrierCode: '3', carrierText: '预销号', code: 'preCancelled' },
    { carrierCode: '4', carrierText: '销号', code: 'cancelled' },
    { carrierCode: '5', carrierText: '过户', code: 'transferred' },
    { carrierCode: '6', carrierText: '休眠', code: 'dormant' },
    { carrierCode: '7', carrierText: '待激', code: 'pendingActivation' },
    { carrierCode: '99', carrierText: '号码不存在', code: 'notFound' },
  ],
  telecom: [
    { carrierCode: '-1', carrierText: '未知', code: 'unknown' },
    { carrierCode: '1', carrierText: '在用', code: 'active' },
    {
      carrierCode: '2',
      carrierText: '用户报停',
      code: 'suspended',
      label: { 'zh-CN': '已停机 · 用户报停', en: "Suspended at the user's request" },
      adviceAgainstTopUp: {
        'zh-CN': '卡片是用户申请停机的，充值不能恢复，请联系客服复机。',
        en: 'It was suspended on request. A top-up does not restore it; ask support to resume it.',
      },
    },
    { carrierCode: '3', carrierText: '用户拆机', code: 'cancelled' },
    { carrierCode: '5', carrierText: '欠停(双向)', code: 'arrears' },
    { carrierCode: '6', carrierText: '欠停(单向)', code: 'arrears' },
    { carrierCode: '7', carrierText: '违章停机', code: 'violation' },
    { carrierCode: '8', carrierText: '挂失', code: 'lost' },
    { carrierCode: '11', carrierText: '施工未完', code: 'pendingActivation' },
    { carrierCode: '19', carrierText: '活卡待激活', code: 'pendingActivation' },
    { carrierCode: '120000', carrierText: '停机', code: 'suspended' },
    { carrierCode: '100001', carrierText: '已激活(测试期)', code: 'testing' },
    { carrierCode: '140003', carrierText: '未激活(测试期)', code: 'testing' },
    {
      carrierCode: '150001',
      carrierText: '未实名制违规停机',
      code: 'violation',
      label: { 'zh-CN': '已停机 · 未实名', en: 'Stopped: no real-name registration' },
      adviceAgainstTopUp: {
        'zh-CN': '充值不能恢复。请先完成实名认证，认证后会自动复机。',
        en: 'A top-up does not restore it. Complete real-name registration first; service then resumes.',
      },
    },
    { carrierCode: '140000', carrierText: '预拆机停机', code: 'preCancelled' },
    {
      carrierCode: '160000',
      carrierText: '数据异常停机',
      code: 'suspended',
      label: { 'zh-CN': '已停机 · 数据异常', en: 'Suspended: abnormal traffic' },
      adviceAgainstTopUp: {
        'zh-CN': '运营商发现流量异常而停机，充值不能恢复，请联系客服核实。',
        en: 'The carrier detected abnormal traffic. A top-up does not restore it; contact support.',
      },
    },
    {
      carrierCode: '170000',
      carrierText: '局方原因停机',
      code: 'suspended',
      label: { 'zh-CN': '已停机 · 运营商原因', en: 'Suspended by the carrier' },
      adviceAgainstTopUp: {
        'zh-CN': '因运营商原因停机，充值不能恢复，请联系客服。',
        en: 'The carrier suspended it. A top-up does not restore it; contact support.',
      },
    },
  ],
  unicom: [
    { carrierCode: '1', carrierText: '已激活', code: 'active' },
    { carrierCode: '2', carrierText: '已停用', code: 'suspended' },
    { carrierCode: '3', carrierText: '可测试', code: 'testing' },
    { carrierCode: '4', carrierText: '库存', code: 'inventory' },
    {
      carrierCode: '5',
      carrierText: '体验',
      code: 'testing',
      label: { 'zh-CN': '体验中', en: 'On trial' },
    },
    { carrierCode: '6', carrierText: '可激活', code: 'pendingActivation' },
    {
      carrierCode: '7',
      carrierText: '已失效',
      code: 'cancelled',
      label: { 'zh-CN': '已失效', en: 'No longer valid' },
    },
    {
      carrierCode: '8',
      carrierText: '已清除',
      code: 'cancelled',
      label: { 'zh-CN': '已清除', en: 'Removed' },
    },
    { carrierCode: '9', carrierText: '', code: 'unknown' },
    { carrierCode: '10', carrierText: '当前账期', code: 'unknown' },
    { carrierCode: '11', carrierText: '一直', code: 'unknown' },
  ],
};

/** The texts of a card while its platform is changing its state. */
function inProgressTexts(
  zh: string,
  en: string,
): Required<Pick<CarrierStatus, 'label' | 'adviceAgainstTopUp'>> {
  return {
    label: { 'zh-CN': `处理中 · ${zh}`, en: `In progress: ${en}` },
    adviceAgainstTopUp: {
      'zh-CN': '平台正在处理，请等一分钟后刷新，再决定是否充值。',
      en: 'The platform is processing it. Wait a minute and refresh before you top up.',
    },
  };
}

/** Powered on but without network access, usually because the data is used up. */
const offline = { 'zh-CN': '已断网', en: 'Offline' } as const;

/**
 * Card states of platforms that define their own, independent of the carrier. The codes start with the
 * platform's name, so that they cannot be confused with a carrier's code.
 *
 * 大卡师 (api-doc, member/info) has two fields: `sim_status` (whether the card is powered on) and
 * `gprs_status` (whether it may go online). The code is `sim_status`, followed by `/gprs_status` when a
 * powered card may not go online. The texts are the document's; the mapping to our codes is ours.
 * @internal Exported for tests.
 */
export const platformStatusTables: Readonly<Record<'dakashi', readonly CarrierStatus[]>> = {
  dakashi: [
    { carrierCode: 'dakashi:0', carrierText: '停机', code: 'suspended' },
    { carrierCode: 'dakashi:1', carrierText: '开机', code: 'active' },
    {
      carrierCode: 'dakashi:1/0',
      carrierText: '开机，GPRS关闭',
      code: 'suspended',
      label: offline,
    },
    {
      carrierCode: 'dakashi:1/3',
      carrierText: '开机，GPRS正在关闭',
      code: 'unknown',
      ...inProgressTexts('正在断网', 'going offline'),
    },
    {
      carrierCode: 'dakashi:1/4',
      carrierText: '开机，GPRS正在开启',
      code: 'unknown',
      ...inProgressTexts('正在联网', 'going online'),
    },
    { carrierCode: 'dakashi:2', carrierText: '待激活', code: 'pendingActivation' },
    {
      carrierCode: 'dakashi:3',
      carrierText: '正在关机',
      code: 'unknown',
      ...inProgressTexts('正在停机', 'being suspended'),
    },
    {
      carrierCode: 'dakashi:4',
      carrierText: '正在开机',
      code: 'unknown',
      ...inProgressTexts('正在开机', 'being resumed'),
    },
  ],
};

/**
 * The name of each status, and what the user of the card can do about it.
 * @internal Exported for tests.
 */
export const cardStatusTexts: Readonly<
  Record<CardStatusCode, { label: LocalizedText; advice: LocalizedText }>
> = {
  active: {
    label: { 'zh-CN': '正常使用', en: 'Active' },
    advice: {
      'zh-CN': '卡片状态正常，可以上网。',
      en: 'The card works normally and can go online.',
    },
  },
  testing: {
    label: { 'zh-CN': '测试期', en: 'Test period' },
    advice: {
      'zh-CN': '卡片在测试期内，可以使用；测试流量用完后请充值。',
      en: 'The card can be used during its test period. Top up when the test data runs out.',
    },
  },
  pendingActivation: {
    label: { 'zh-CN': '待激活', en: 'Not activated yet' },
    advice: {
      'zh-CN': '插入设备并开机联网，或先充值，卡片会自动激活。',
      en: 'Insert it into a device and switch the device on, or top up. The card is then activated automatically.',
    },
  },
  inventory: {
    label: { 'zh-CN': '未启用', en: 'Not in use yet' },
    advice: {
      'zh-CN': '卡片还未启用，请联系卖卡商家开通后再使用。',
      en: 'The card is not in use yet. Ask the shop that sold it to enable it.',
    },
  },
  suspended: {
    label: { 'zh-CN': '已停机', en: 'Suspended' },
    advice: {
      'zh-CN': '卡片暂停上网。流量用完或到期的，充值后约 10 分钟恢复；其他原因请联系客服。',
      en: 'The card is offline. If its data ran out or its package expired, service resumes about 10 minutes after a top-up; otherwise contact support.',
    },
  },
  arrears: {
    label: { 'zh-CN': '已停机 · 余额不足', en: 'Stopped: no balance' },
    advice: {
      'zh-CN': '充值后约 10 分钟恢复上网。',
      en: 'Service resumes about 10 minutes after a top-up.',
    },
  },
  violation: {
    label: { 'zh-CN': '已停机 · 违规', en: 'Stopped for a violation' },
    advice: {
      'zh-CN': '充值不能恢复。请先完成实名认证或联系客服处理。',
      en: 'A top-up does not restore it. Complete real-name registration or contact support.',
    },
  },
  lost: {
    label: { 'zh-CN': '已挂失', en: 'Reported lost' },
    advice: {
      'zh-CN': '卡片已挂失。若卡还在您手上，请联系客服解除挂失。',
      en: 'The card was reported lost. If you still have it, ask support to cancel the report.',
    },
  },
  dormant: {
    label: { 'zh-CN': '休眠', en: 'Dormant' },
    advice: {
      'zh-CN': '卡片长期未使用，已休眠，充值后可恢复使用。',
      en: 'The card has not been used for a long time. A top-up reactivates it.',
    },
  },
  transferred: {
    label: { 'zh-CN': '已过户', en: 'Transferred' },
    advice: {
      'zh-CN': '卡片已过户给他人，请向卖卡商家核实。',
      en: 'The card has been transferred to someone else. Check with the shop.',
    },
  },
  preCancelled: {
    label: { 'zh-CN': '即将销号', en: 'About to be cancelled' },
    advice: {
      'zh-CN': '卡片即将销号，请不要充值；需要保留请尽快联系客服。',
      en: 'The card is about to be cancelled, so do not top it up. To keep it, contact support soon.',
    },
  },
  cancelled: {
    label: { 'zh-CN': '已销号', en: 'Cancelled' },
    advice: {
      'zh-CN': '卡片已不能使用，请更换新卡。',
      en: 'The card can no longer be used. Please get a new one.',
    },
  },
  notFound: {
    label: { 'zh-CN': '号码不存在', en: 'Unknown to the carrier' },
    advice: {
      'zh-CN': '运营商查不到这个号码，请核对卡号或联系客服。',
      en: 'The carrier does not know this number. Check it or contact support.',
    },
  },
  unknown: {
    label: { 'zh-CN': '状态未知', en: 'Status unknown' },
    advice: {
      'zh-CN': '暂时无法识别运营商返回的状态，请稍后刷新或联系客服核实。',
      en: 'The carrier reports a status that is not recognised. Refresh later or contact support.',
    },
  },
};

/** A card's status, mapped from its carrier's or platform's code. */
export interface CardStatus {
  code: CardStatusCode;
  label: LocalizedText;
  advice: LocalizedText;
  carrierCode: string;
  /** All wordings of this code in the carrier's table: several if it is ambiguous, none if it is not listed. */
  carrierTexts: readonly string[];
  /** Whether a package may be sold for the card: only if a top-up has an effect in this status. */
  canBuy: boolean;
}

/** Statuses in which a top-up has an effect, unless the row has `adviceAgainstTopUp`. */
const purchasableStatuses: readonly CardStatusCode[] = [
  'active',
  'testing',
  'pendingActivation',
  'suspended',
  'arrears',
  'dormant',
];

function rowsOf(carrier: Carrier, carrierCode: string): readonly CarrierStatus[] {
  const platformRows = platformStatusTables.dakashi.filter(
    (row) => row.carrierCode === carrierCode,
  );
  if (platformRows.length > 0 || carrier === 'unknown') return platformRows;
  return carrierStatusTables[carrier].filter((row) => row.carrierCode === carrierCode);
}

/**
 * Maps a carrier's or platform's status code. A code that is not in its table becomes `unknown`. So does
 * every carrier code of an unknown carrier: the tables contradict each other, so none is a fallback.
 */
export function readCardStatus(carrier: Carrier, carrierCode: string): CardStatus {
  const rows = rowsOf(carrier, carrierCode.trim());
  const row = rows[0];
  const code = row?.code ?? 'unknown';
  return {
    code,
    label: row?.label ?? cardStatusTexts[code].label,
    advice: row?.adviceAgainstTopUp ?? cardStatusTexts[code].advice,
    carrierCode,
    carrierTexts: rows.map(({ carrierText }) => carrierText).filter((text) => text !== ''),
    canBuy: purchasableStatuses.includes(code) && row?.adviceAgainstTopUp === undefined,
  };
}
