import type { Faults } from '../faults';
import { html, trusted, type Html } from './html';

/** What each switch does, in words. */
const faultTexts: Readonly<Record<keyof Faults, readonly [name: string, effect: string]>> = {
  tokenServerDown: ['令牌服务停机', '获取令牌返回 503'],
  gatewayDown: ['网关停机', '所有接口返回 503'],
  gatewaySlowMs: ['网关变慢（毫秒）', '每次应答前的等待'],
  garbage: ['返回网页', '接口返回 HTTP 200 的网页'],
  paymentPostTimeout: ['下单无应答', '订单已登记，但不应答'],
  appletPayTimeout: ['预支付无应答', '预支付已生成，但不应答'],
  loginBlocked: ['拦截登录', '微信判定账号有风险'],
  wrongAmount: ['金额不符', '查询到的金额少 1 分'],
  refundNotEnough: ['退款余额不足', '申请退款被拒绝'],
  deliveryFails: ['充值失败', '付款后充值不成功'],
  deliveryStuck: ['充值卡住', '一直充值中，关闭后继续'],
  deliverySeconds: ['充值耗时（秒）', '留空为默认'],
  loseNotifications: ['丢失通知', '通知发不到，按计划重发'],
  doubleNotifications: ['重复通知', '一秒后再发一次'],
};

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
      ${control(name, faults[name])}
    </label>
  </li>`;
}

const names: readonly (keyof Faults)[] = [
  'tokenServerDown',
  'gatewayDown',
  'gatewaySlowMs',
  'garbage',
  'paymentPostTimeout',
  'appletPayTimeout',
  'loginBlocked',
  'wrongAmount',
  'refundNotEnough',
  'deliveryFails',
  'deliveryStuck',
  'deliverySeconds',
  'loseNotifications',
  'doubleNotifications',
];

/** The misbehaviour that can be switched on. */
export function faultsSection(faults: Faults): Html {
  return html`<section>
    <h2>故障开关</h2>
    <ul id="faults" class="switches" data-live>
      ${names.map((name) => row(name, faults))}
    </ul>
    <div class="row"><button type="button" data-revoke="1">立即作废当前令牌</button></div>
  </section>`;
}
