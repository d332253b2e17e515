/**
 * 大卡师's error codes and texts (api-doc, 错误编码), letter for letter. 55013 and 55015 to 55019 tell of a
 * request of ours that was wrong.
 */
export const errorTexts = {
  50000: '未知异常',
  55001: 'app_id参数有误',
  55002: '用户处于非正常状态',
  55003: 'IP非法，接口IP白名单受限',
  55004: '签名有误',
  55005: '卡号不存在',
  55006: '时间戳有误',
  55007: '用户不存在',
  55008: '卡密不存在',
  55009: '套餐不存在',
  55010: '生效类型有误',
  55011: '充值订单不存在',
  55012: '接口访问时间间隔过小',
  55013: 'data_update参数有误',
  55014: '该运营商不支持此功能',
  55015: '短信内容不能为空',
  55016: '自定义卡号不能为空',
  55017: '自定义卡号格式有误',
  55018: '该自定义卡号已被占用',
  55019: '操作类型有误',
} as const;

export type ErrorCode = keyof typeof errorTexts;

/** A code that is given by a check, before anything is done: 未知异常 alone may come from the doing itself. */
export type RefusalCode = Exclude<ErrorCode, 50000>;

export const NO_SUCH_CARD = 55005;
export const STALE_TIMESTAMP = 55006;
export const NO_SUCH_ORDER = 55011;
export const RATE_LIMITED = 55012;

/** Whether a code is a refusal by which nothing was done. */
export function isRefusalCode(code: number): code is RefusalCode {
  return code !== 50000 && Object.hasOwn(errorTexts, code);
}

/** Runs that could be a number, a password or a key: with a digit from four characters on, else very long. */
const POSSIBLE_SECRET = /[0-9A-Za-z_-]*\d[0-9A-Za-z_-]*|[A-Za-z_-]{20,}/g;

/** What the platform says of a fault, short and without numbers: it may repeat what it was sent. */
export function redactNumbers(message: unknown): string {
  if (typeof message !== 'string') return '';
  return message
    .slice(0, 500)
    .replace(/\p{Cc}+/gu, ' ')
    .replace(POSSIBLE_SECRET, (run) => (run.length < 4 ? run : '…'))
    .slice(0, 100);
}
