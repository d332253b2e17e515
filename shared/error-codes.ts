import { deviceErrorKinds } from './device-error-codes';
import type { ErrorKind } from './error-kind';
import { packageErrorKinds } from './package-error-codes';
import { refundErrorKinds } from './refund-error-codes';

/**
 * Every error of the BFF: its stable code, its HTTP status, and its texts. Codes are part of the API
 * contract: new ones may be added, existing ones are never renamed.
 */
export const errorKinds = {
  'request.malformed': {
    status: 400,
    title: { 'zh-CN': '请求内容无法读取', en: 'The request could not be read' },
    detail: { 'zh-CN': '请求体不是有效的 JSON。', en: 'The body is not valid JSON.' },
  },
  'request.invalid': {
    status: 400,
    title: { 'zh-CN': '填写的内容有误', en: 'The request is invalid' },
    detail: {
      'zh-CN': '请按提示修改后重试。',
      en: 'Correct the fields listed in `errors` and try again.',
    },
  },
  'request.too_large': {
    status: 413,
    title: { 'zh-CN': '请求内容过大', en: 'The request is too large' },
    detail: { 'zh-CN': '请减少内容后重试。', en: 'Send less and try again.' },
  },
  'request.unsupported_media_type': {
    status: 415,
    title: { 'zh-CN': '请求格式不支持', en: 'The content type is not supported' },
    detail: { 'zh-CN': '请以 application/json 发送。', en: 'Send application/json.' },
  },
  'request.route_not_found': {
    status: 404,
    title: { 'zh-CN': '没有这个地址', en: 'This address does not exist' },
    detail: { 'zh-CN': '请检查地址。', en: 'Check the address.' },
  },
  'request.method_not_allowed': {
    status: 405,
    title: { 'zh-CN': '不支持这个操作', en: 'This method is not allowed here' },
    detail: { 'zh-CN': '请检查请求方法。', en: 'Check the request method.' },
  },
  'request.rate_limited': {
    status: 429,
    title: { 'zh-CN': '操作太频繁', en: 'Too many requests' },
    detail: { 'zh-CN': '请稍等片刻再试。', en: 'Wait a moment and try again.' },
  },
  'session.required': {
    status: 401,
    title: { 'zh-CN': '请先登录', en: 'Sign in first' },
    detail: {
      'zh-CN': '登录已失效，请重新登录。',
      en: 'There is no valid session; sign in again.',
    },
  },
  'login.code_invalid': {
    status: 401,
    title: { 'zh-CN': '登录未成功', en: 'Sign-in failed' },
    detail: {
      'zh-CN': '登录凭证已过期或已使用，请重新打开小程序。',
      en: 'The login code has expired or was used before; get a new one.',
    },
  },
  'login.refused': {
    status: 403,
    title: { 'zh-CN': '微信暂不允许登录', en: 'WeChat refused the sign-in' },
    detail: {
      'zh-CN': '微信判定当前账号存在风险，请稍后再试或更换账号。',
      en: 'WeChat considers the account a risk. Try again later or with another account.',
    },
  },
  'login.unavailable': {
    status: 503,
    title: {
      'zh-CN': '微信登录暂时无法使用',
      en: 'Signing in with WeChat does not work right now',
    },
    detail: {
      'zh-CN': '微信暂时没有响应，请稍后再试。',
      en: 'WeChat does not respond. Try again in a moment.',
    },
  },
  'login.password_wrong': {
    status: 401,
    title: { 'zh-CN': '用户名或密码不正确', en: 'Wrong username or password' },
    detail: { 'zh-CN': '请检查后重试。', en: 'Check both and try again.' },
  },
  'login.locked': {
    status: 429,
    title: { 'zh-CN': '登录已暂时锁定', en: 'Sign-in is temporarily locked' },
    detail: {
      'zh-CN': '密码错误次数过多，请稍后再试。',
      en: 'Too many wrong passwords; try again later.',
    },
  },
  'card.number_invalid': {
    status: 400,
    title: { 'zh-CN': '号码格式不对', en: 'This is not a card number' },
    detail: {
      'zh-CN': '请输入卡背面 19-20 位号码、后 10 位，或卡的手机号（接入号）。',
      en: "Enter the 19-20 characters on the back of the card, the last ten of them, or the card's phone number.",
    },
  },
  'card.number_several': {
    status: 400,
    title: { 'zh-CN': '内容里有多个号码', en: 'There are several numbers' },
    detail: {
      'zh-CN': '请只保留要查询的那一个号码。',
      en: 'Keep only the number that you want to look up.',
    },
  },
  'card.number_other': {
    status: 400,
    title: { 'zh-CN': '这不是卡的号码', en: 'This is the number of something else' },
    detail: {
      'zh-CN':
        '这是设备、电话或订单的号码。请输入卡背面 19-20 位号码、后 10 位，或卡的手机号（接入号）。',
      en: "It belongs to a device, a phone or an order. Enter the 19-20 characters on the back of the card, the last ten of them, or the card's phone number.",
    },
  },
  'card.not_found': {
    status: 404,
    title: { 'zh-CN': '没有找到这张卡', en: 'This card was not found' },
    detail: {
      'zh-CN': '请核对号码；若号码无误，请联系卖卡商家。',
      en: 'Check the number. If it is correct, contact the shop that sold the card.',
    },
  },
  'card.refresh_too_soon': {
    status: 429,
    title: { 'zh-CN': '刚刚刷新过', en: 'Refreshed a moment ago' },
    detail: {
      'zh-CN': '数据已是最新，请稍后再刷新。',
      en: 'The data is up to date. Try again shortly.',
    },
  },
  'card.lookup_limited': {
    status: 429,
    title: { 'zh-CN': '查询次数过多', en: 'Too many look-ups' },
    detail: {
      'zh-CN': '为保护卡片信息，请过一会儿再查询其他号码。',
      en: 'To protect card data, please try other numbers again later.',
    },
  },
  'card.cannot_buy': {
    status: 409,
    title: { 'zh-CN': '这张卡现在不能购买套餐', en: 'No package can be bought for this card now' },
    detail: { 'zh-CN': '请先处理卡片状态。', en: 'Resolve the status of the card first.' },
  },
  'order.not_found': {
    status: 404,
    title: { 'zh-CN': '没有找到这个订单', en: 'This order was not found' },
    detail: { 'zh-CN': '请在订单列表中查看。', en: 'Check your list of orders.' },
  },
  'order.already_open': {
    status: 409,
    title: {
      'zh-CN': '这个套餐有一笔未支付的订单',
      en: 'An order for this package is still unpaid',
    },
    detail: {
      'zh-CN': '请继续支付或取消那笔订单。',
      en: 'Pay for that order or cancel it.',
    },
  },
  'order.already_paid': {
    status: 409,
    title: { 'zh-CN': '订单已付款', en: 'The order is already paid' },
    detail: {
      'zh-CN': '请勿重复支付，充值结果见订单。',
      en: 'Do not pay again. The order shows the result.',
    },
  },
  'order.not_payable': {
    status: 409,
    title: { 'zh-CN': '订单不能支付了', en: 'The order can no longer be paid' },
    detail: { 'zh-CN': '没有扣款，请重新下单。', en: 'Nothing was charged. Place a new order.' },
  },
  'order.not_cancellable': {
    status: 409,
    title: { 'zh-CN': '订单不能取消了', en: 'The order can no longer be cancelled' },
    detail: { 'zh-CN': '请查看订单的最新状态。', en: 'Check the current state of the order.' },
  },
  'idempotency.required': {
    status: 400,
    title: {
      'zh-CN': '缺少幂等键或格式不对',
      en: 'The Idempotency-Key header is missing or invalid',
    },
    detail: {
      'zh-CN': '请在 Idempotency-Key 请求头中提供 16-64 位字母、数字或连字符。',
      en: 'Send an Idempotency-Key of 16 to 64 letters, digits or hyphens.',
    },
  },
  'idempotency.mismatch': {
    status: 409,
    title: { 'zh-CN': '同一幂等键对应不同内容', en: 'The key was used with another request body' },
    detail: { 'zh-CN': '请重新下单。', en: 'Use a new key for a new request.' },
  },
  'price.package_unknown': {
    status: 404,
    title: { 'zh-CN': '没有这个待定价的套餐', en: 'There is no such package to set a price for' },
    detail: {
      'zh-CN': '请先用一张卡的号码查询它的套餐。',
      en: 'Look up the packages of a card first, by its number.',
    },
  },
  'price.below_cost': {
    status: 409,
    title: { 'zh-CN': '售价低于成本', en: 'The price is below the cost of the package' },
    detail: { 'zh-CN': '请填写不低于成本的售价。', en: 'Set a price that is not below the cost.' },
  },
  'payment.unavailable': {
    status: 503,
    title: { 'zh-CN': '暂时无法发起支付', en: 'Payment cannot be started right now' },
    detail: {
      'zh-CN': '没有扣款，订单已保留，请稍后在订单中继续支付。',
      en: 'Nothing was charged. The order is kept; pay for it later from your orders.',
    },
  },
  'platform.unavailable': {
    status: 503,
    title: { 'zh-CN': '运营商平台暂时没有响应', en: 'The card platform does not respond' },
    detail: { 'zh-CN': '请稍后再试。', en: 'Try again in a moment.' },
  },
  'platform.busy': {
    status: 503,
    title: { 'zh-CN': '查询人数较多', en: 'Too many queries right now' },
    detail: {
      'zh-CN': '运营商平台限制查询频率，请过几秒再试。',
      en: 'The card platform limits the rate of queries. Try again in a few seconds.',
    },
  },
  'store.unavailable': {
    status: 503,
    title: { 'zh-CN': '系统正忙', en: 'The service is busy' },
    detail: {
      'zh-CN': '请稍后再试；已付的款项不会丢失。',
      en: 'Try again in a moment; no payment is lost.',
    },
  },
  'notification.invalid': {
    status: 400,
    title: { 'zh-CN': '通知内容有误', en: 'The notification is invalid' },
    detail: { 'zh-CN': '请按约定格式发送。', en: 'Send it in the documented format.' },
  },
  'notification.too_large': {
    status: 413,
    title: { 'zh-CN': '通知过大', en: 'The notification is too large' },
    detail: { 'zh-CN': '通知不会超过 64 KB。', en: 'Notifications are at most 64 KB.' },
  },
  'notification.unsupported_media_type': {
    status: 415,
    title: { 'zh-CN': '通知格式不支持', en: 'The content type or encoding is not supported' },
    detail: {
      'zh-CN': '请以未压缩的 application/json 发送。',
      en: 'Send application/json, not compressed.',
    },
  },
  'notification.stale': {
    status: 401,
    title: {
      'zh-CN': '通知时间不在允许范围内',
      en: 'The notification is outside the accepted time window',
    },
    detail: {
      'zh-CN': '时间戳与当前时间相差五分钟以上。',
      en: 'Its timestamp differs from the current time by five minutes or more.',
    },
  },
  'notification.serial_unknown': {
    status: 401,
    title: { 'zh-CN': '通知的签名证书未知', en: 'The certificate of the signature is unknown' },
    detail: {
      'zh-CN': '请核对平台证书或公钥的序列号。',
      en: 'Check the serial number of the platform certificate or public key.',
    },
  },
  'notification.signature_invalid': {
    status: 401,
    title: { 'zh-CN': '通知签名不正确', en: 'The signature is invalid' },
    detail: {
      'zh-CN': '通知已拒收，未作任何处理。',
      en: 'The notification was refused and not processed.',
    },
  },
  'notification.algorithm_unsupported': {
    status: 400,
    title: { 'zh-CN': '通知的加密算法不支持', en: 'The encryption algorithm is not supported' },
    detail: { 'zh-CN': '仅支持 AEAD_AES_256_GCM。', en: 'Only AEAD_AES_256_GCM is supported.' },
  },
  'notification.undecipherable': {
    status: 400,
    title: { 'zh-CN': '通知无法解密', en: 'The notification could not be decrypted' },
    detail: { 'zh-CN': '请核对 APIv3 密钥。', en: 'Check the API v3 key.' },
  },
  'notification.foreign': {
    status: 403,
    title: { 'zh-CN': '通知不属于本商户', en: 'The notification is for another merchant' },
    detail: {
      'zh-CN': '商户号或小程序与本店不符。',
      en: 'Its merchant or mini-program is not the one of this shop.',
    },
  },
  'internal.error': {
    status: 500,
    title: { 'zh-CN': '服务出了点问题', en: 'Something went wrong on our side' },
    detail: {
      'zh-CN': '已经记录，请稍后再试；已付的款项不会丢失。',
      en: 'It has been recorded. Try again shortly; no payment is lost.',
    },
  },
  'internal.disabled': {
    status: 404,
    title: { 'zh-CN': '内部接口未开放', en: 'The internal API is disabled' },
    detail: {
      'zh-CN': '请先设置 INTERNAL_KEY。',
      en: 'Set INTERNAL_KEY to enable it.',
    },
  },
  'internal.key_required': {
    status: 401,
    title: { 'zh-CN': '需要服务密钥', en: 'A service key is required' },
    detail: {
      'zh-CN': '请在 Authorization 请求头中以 Bearer 方式提供 INTERNAL_KEY。',
      en: 'Send the value of INTERNAL_KEY in the Authorization header, as Bearer.',
    },
  },
  'token.platform_unknown': {
    status: 404,
    title: { 'zh-CN': '没有这个平台的令牌', en: 'No tokens are held for this platform' },
    detail: {
      'zh-CN': '请检查平台名称，以及该平台是否已配置。',
      en: 'Check the name of the platform, and whether it is configured.',
    },
  },
  'staff.forbidden': {
    status: 403,
    title: { 'zh-CN': '没有这项权限', en: 'Your role does not allow this' },
    detail: { 'zh-CN': '请由主管处理。', en: 'Ask a supervisor.' },
  },
  'order.not_resolvable': {
    status: 409,
    title: { 'zh-CN': '这个订单不需要人工认定', en: 'This order needs no manual resolution' },
    detail: {
      'zh-CN': '只有到账未知或核对中的订单需要人工认定；请查看订单状态。',
      en: 'Only orders with an unknown delivery or a payment under review are resolved manually. Check the state of the order.',
    },
  },
  'reconciliation.not_ready': {
    status: 409,
    title: { 'zh-CN': '这一天还不能对账', en: 'This day cannot be reconciled yet' },
    detail: {
      'zh-CN': '渠道的账单在次日 10 点后生成，请到时再试。',
      en: 'The channel provides the bill of a day after 10:00 on the next day. Try again then.',
    },
  },
  ...packageErrorKinds,
  ...refundErrorKinds,
  ...deviceErrorKinds,
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

/** The reasons for refusing a notification. */
export type NotificationErrorCode = Extract<ErrorCode, `notification.${string}`>;
