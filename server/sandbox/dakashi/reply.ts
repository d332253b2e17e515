/** Codes and texts of 错误编码. */
const errorTexts = {
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

export const errorCodes = Object.keys(errorTexts).map(Number) as ErrorCode[];

/** The body of an answer. */
export type Reply = { errcode: number; errmsg: string; [field: string]: unknown };

export function errorReply(errcode: ErrorCode, errmsg: string = errorTexts[errcode]): Reply {
  return { errcode, errmsg };
}

/** A success reply: the content is in `data`, or beside `errcode` where the document has it there. */
export function successReply(content: { data?: unknown; order_no?: string } = {}): Reply {
  return { errcode: 0, errmsg: 'success', ...content };
}
