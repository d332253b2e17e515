import type { Context } from 'koa';
import { beijingDateTime } from '@shared/beijing-time';
import type { Simulator } from '../simulator';
import { cardsSection } from './overview-cards';
import { devicesSection } from './overview-devices';
import { faultsSection } from './overview-faults';
import { ordersSection } from './overview-orders';
import { overviewScript } from './overview-script';
import { overviewStyle } from './overview-style';
import { tradesSection } from './overview-trades';
import { walletSection } from './overview-wallet';
import { html, sendPage, type Html } from './html';
import { notificationsSection } from './overview-notifications';

const MINUTE_MS = 60_000;

const clockSteps = [
  { text: '+5 分钟', milliseconds: 5 * MINUTE_MS },
  { text: '+1 小时', milliseconds: 60 * MINUTE_MS },
  { text: '+1 天', milliseconds: 24 * 60 * MINUTE_MS },
];

function clockSection(simulator: Simulator): Html {
  const buttons = clockSteps.map(
    ({ text, milliseconds }) =>
      html`<button type="button" data-move="${milliseconds}">${text}</button>`,
  );
  return html`<section>
    <h2>模拟时间</h2>
    <p id="clock" class="now" data-live>${beijingDateTime(simulator.now())}</p>
    <p class="note">北京时间。推进时，到期的充值、退款和通知按先后逐一发生。</p>
    <div class="row">${buttons}</div>
  </section>`;
}

/** The page at `/sandbox`: the state of the simulated platforms, and their controls. */
export function sendOverview(ctx: Context, simulator: Simulator): void {
  const body = html`<div class="page">
    <header>
      <h1>流卡沙箱</h1>
      <p>模拟的旭宇 IOT 与微信：卡片、订单与付款都是虚构的，没有真实的号码和扣款。</p>
    </header>
    ${walletSection(simulator)}
    <div class="columns">
      <div class="stack">
        ${ordersSection(simulator)}${tradesSection(simulator)}${notificationsSection(simulator)}
      </div>
      <div class="stack">${clockSection(simulator)}${faultsSection(simulator.state.faults)}</div>
    </div>
    ${cardsSection(simulator)} ${devicesSection(simulator.state.mxchip?.devices ?? [])}
    <p id="toast" class="toast" role="status" hidden></p>
  </div>`;
  sendPage(ctx, {
    title: '流卡沙箱',
    style: overviewStyle,
    script: overviewScript,
    body,
    framedBy: "'none'",
  });
}
