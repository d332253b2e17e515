/** What the text before a number says about it. */
export type LabelKind =
  /** It names a card number: `ICCID:`, `卡号：`, `?number=`. */
  | 'card'
  /** It names a number of something else: an IMEI, a phone, an order. */
  | 'other';

/** Compared in lower case, without spaces, hyphens and underscores. */
const cardLabels: ReadonlySet<string> = new Set([
  'iccid',
  'ccid',
  'card',
  'cardno',
  'cardnum',
  'cardnumber',
  'accessno',
  'accessnumber',
  'msisdn',
  'number',
  'num',
  'no',
  'n',
  'sim',
  'simno',
  'simnumber',
  'simcard',
  'serialno',
  'customno',
  'sn',
]);

const otherLabels: ReadonlySet<string> = new Set([
  'imei',
  'imei1',
  'imei2',
  'imsi',
  'meid',
  'eid',
  'mac',
  'tel',
  'phone',
  'phonenumber',
  'mobile',
  'order',
  'orderno',
  'ordernumber',
  'sms',
  'smsto',
]);

/** Endings of Chinese labels. 手机号 alone is a person's number; the access number is 卡的手机号. */
const CARD_LABEL_END = /(?:卡号码?|接入号码?|卡的手机号码?|号码|编号|序列号|流量卡|物联网?卡)$/;
const OTHER_LABEL_END =
  /(?:[^的]手机号码?|^手机号码?|电话|手机|热线|客服|微信号|设备号|密码|验证码|(?:电话|客服|热线|订单|运单|快递|单|设备|证|身份证)(?:号码?|编号))$/;

/** The punctuation that may stand between a label and its number. */
const LABEL_PUNCTUATION =
  /[\s"'`\u2018-\u201f\u300c-\u300f\u3010\u3011:=<>\\()[\]{}#.+\-_\u00b7\u02d7\u2010-\u2015\u2022\u2043\u2212\u2500\u2800\u2e3a\u2e3b\u30fb\u30fc\ufe58\ufe63]+$/;
const LINKING_WORD = /(?:是|为| is)$/;
const LAST_LATIN_WORDS = /[a-z][a-z0-9]*(?:[ _-][a-z0-9]+)?$/i;

/** The longest text before a number that is read. */
const MAX_LABEL_LENGTH = 40;

function withoutPunctuation(text: string): string {
  return text.replace(LABEL_PUNCTUATION, '');
}

function latinLabelKind(label: string): LabelKind | undefined {
  const words = LAST_LATIN_WORDS.exec(label)?.[0].toLowerCase() ?? '';
  const names = [words.replace(/[ _-]/g, ''), words.split(/[ _-]/).at(-1) ?? ''];
  if (names.some((name) => otherLabels.has(name))) return 'other';
  return names.some((name) => cardLabels.has(name)) ? 'card' : undefined;
}

/** What the text before a number says about the number; undefined if nothing. */
export function labelKind(before: string): LabelKind | undefined {
  const text = withoutPunctuation(before.slice(-MAX_LABEL_LENGTH));
  const label = withoutPunctuation(text.replace(LINKING_WORD, ''));
  if (OTHER_LABEL_END.test(label)) return 'other';
  if (CARD_LABEL_END.test(label)) return 'card';
  return latinLabelKind(label);
}
