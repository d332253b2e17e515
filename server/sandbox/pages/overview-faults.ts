import { faultNames, type Faults } from '../faults';
import { answerForms } from '../answer-forms';
import { html, trusted, type Html } from './html';

/** The label and the effect of each switch. */
const faultTexts: Readonly<Record<keyof Faults, readonly [name: string, effect: string]>> = {
  tokenServerDown: ['令牌服务停机', '旭宇：获取令牌返回 503'],
  tokenServerStandard: ['标准令牌服务', '旭宇：只认 urlencoded 与 client_id'],
  gatewayDown: ['网关停机', '旭宇：所有接口返回 503'],
  gatewaySlowMs: ['网关变慢（毫秒）', '旭宇：每次应答前的等待'],
  gatewayLimited: ['网关限流', '旭宇：所有接口返回 429'],
  garbage: ['返回网页', '旭宇：接口返回 HTTP 200 的网页'],
  paymentPostTimeout: ['下单无应答', '旭宇：订单已登记，但不应答'],
  appletPayTimeout: ['预支付无应答', '旭宇：预支付已生成，但不应答'],
  agentBalanceShort: ['预存余额不足', '旭宇：用预存余额下单被拒绝'],
  dakashiDown: ['大卡师停机', '所有接口返回 503'],
  dakashiSlowMs: ['大卡师变慢（毫秒）', '每次应答前的等待'],
  dakashiGarbage: ['大卡师返回网页', '接口返回 HTTP 200 的网页'],
  dakashiRefuses: ['大卡师拒绝（错误码）', '如 55003 白名单、55012 过于频繁；留空为不拒绝'],
  oddElements: ['旭宇数据不规范', '套餐流量为 -1、没有到期日、名称带控制字符'],
  oddPrices: ['旭宇价格不规范', '价格为三位小数、数字或空'],
  cardStatusRefused: ['旭宇拒绝查状态', '流量卡状态查询被拒绝'],
  cardUsageRefused: ['旭宇拒绝查流量', '流量卡用量查询被拒绝'],
  dakashiOddElements: ['大卡师数据不规范', '套餐流量为 -1、没有到期日、成本不是整分'],
  dakashiOddBalance: ['大卡师余额不规范', '余额带千分位和不足一分的小数'],
  dakashiPackagesRefused: ['大卡师没有已购套餐接口', 'member/product/info 不存在'],
  dakashiRechargeTimeout: ['大卡师充值无应答', '充值已受理，但不应答'],
  mxchipDown: ['庆科停机', '所有接口返回 503'],
  mxchipSlowMs: ['庆科变慢（毫秒）', '每次应答前的等待'],
  mxchipGarbage: ['庆科返回网页', '接口返回 HTTP 200 的网页'],
  mxchipInternal: ['庆科内部错误', '所有接口返回 23090'],
  mxchipUnbindMute: ['庆科解绑无应答', '解绑已完成，但不应答'],
  oddAnswers: ['应答形式', '如 gzip、gbk、redirect、truncated；留空为正常'],
  loginBlocked: ['拦截登录', '微信判定账号有风险'],
  wechatBusy: ['微信繁忙', '登录和获取令牌返回 -1'],
  wechatpayDown: ['微信支付停机', '所有接口返回 503'],
  wechatpaySlowMs: ['微信支付变慢（毫秒）', '每次应答前的等待'],
  wechatpayGarbage: ['微信支付返回网页', '接口返回 HTTP 200 的网页'],
  wechatpayMute: ['微信支付无应答', '下单、关单、退款已办，但不应答'],
  wechatpayCertificate: ['改用平台证书签名', '应答和通知不用微信支付公钥'],
  unsignedErrors: ['错误应答不签名', '微信支付：4xx 应答没有签名'],
  wechatpayOlderBill: ['旧格式账单', '微信支付：账单没有订单金额、申请退款金额两列'],
  wechatpayDamagedBill: ['账单有坏行', '微信支付：账单里本店的第一行金额读不出来'],
  wrongAmount: ['金额不符', '付款时少收 1 分'],
  doublePayment: ['重复扣款', '微信支付：一个订单号收两次款'],
  refundNotEnough: ['退款余额不足', '申请退款被拒绝，充值后可重试'],
  refundRefused: ['拒绝退款', '申请退款一直被拒绝'],
  refundClosed: ['关闭退款', '退款以“关闭”结束，须换单号重新发起'],
  refundAbnormal: ['退款异常', '退款退不回用户账户'],
  deliveryFails: ['充值失败', '付款后充值不成功'],
  deliveryStuck: ['充值卡住', '一直充值中，关闭后继续'],
  deliverySeconds: ['充值耗时（秒）', '留空为默认'],
  loseNotifications: ['丢失通知', '通知发不到，按计划重发'],
  doubleNotifications: ['重复通知', '一秒后再发一次'],
  reorderNotifications: ['通知乱序', '后一条通知先到'],
  signatureProbes: ['签名探测', '微信支付：每次先发一条错误签名'],
  forgedNotifications: ['伪造通知', '微信支付：每次先发一条冒名、改了金额的'],
  staleNotifications: ['过时通知', '微信支付：时间戳是 10 分钟前'],
};

function formChoice(chosen: Faults['oddAnswers']): Html {
  const option = (form: string) =>
    html`<option ${form === chosen ? trusted('selected') : ''}>${form}</option>`;
  return html`<select data-fault="oddAnswers">
    <option value="">正常</option>
    ${answerForms.map(option)}
  </select>`;
}

function control(name: string, value: boolean | number | null): Html {
  if (typeof value === 'boolean') {
    const checked = value ? trusted('checked') : '';
    return html`<input type="checkbox" role="switch" data-fault="${name}" ${checked} />`;
  }
  return html`<input type="number" min="0" data-fault="${name}" value="${value ?? ''}" />`;
}

function row(name: keyof Faults, faults: Faults): Html {
  const [label, effect] = faultTexts[name];
  return html`<li>
    <label class="switch">
      <span><b>${label}</b><span class="quiet">${effect}</span></span>
      ${name === 'oddAnswers' ? formChoice(faults[name]) : control(name, faults[name])}
    </label>
  </li>`;
}

/** The switches of the faults. */
export function faultsSection(faults: Faults): Html {
  return html`<section>
    <h2>故障开关</h2>
    <ul id="faults" class="switches" data-live>
      ${faultNames.map((name) => row(name, faults))}
    </ul>
    <div class="row"><button type="button" data-revoke="1">立即作废当前令牌</button></div>
  </section>`;
}
