/**
 * 大卡师's error codes and original texts (api-doc, 错误编码). 55013 and 55015 to 55019 mean that our request was
 * invalid.
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

type ErrorCode = keyof typeof errorTexts;

/** A code of a check before anything is done. Only 未知异常 may occur after something was done. */
export type RefusalCode = Exclude<ErrorCode, 50000>;

export const NO_SUCH_CARD = 55005;
export const STALE_TIMESTAMP = 55006;
export const NO_SUCH_ORDER = 55011;
export const RATE_LIMITED = 55012;

/** Whether a code means that the call was refused and nothing was done. */
export function isRefusalCode(code: number): code is RefusalCode {
  return code !== 50000 && Object.hasOwn(errorTexts, code);
}

/** Words that could be a number, a password or a key: they contain a digit or are very long. */
const POSSIBLE_SECRET = /[0-9A-Za-z_-]*\d[0-9A-Za-z_-]*|[A-Za-z_-]{20,}/g;

/** The platform's error message, shortened and without numbers, because it may repeat our request. */
export function redactNumbers(message: unknown): string {
  if (typeof message !== 'string') return '';
  return message
    .slice(0, 500)
    .replace(/\p{Cc}+/gu, ' ')
    .replace(POSSIBLE_SECRET, (run) => (run.length < 4 ? run : '…'))
    .slice(0, 100);
}
