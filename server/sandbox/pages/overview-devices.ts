import { beijingDate } from '@shared/beijing-time';
import type { Device } from '../mxchip/state';
import { html, type Html } from './html';
import { copyable, listOf, tag, type Tag } from './overview-orders';

function tagOf({ isDisabled, online }: Device): Tag {
  if (isDisabled) return { text: '已禁用', tone: 'bad' };
  return online ? { text: '在线', tone: 'good' } : { text: '离线', tone: '' };
}

function row(device: Device): Html {
  const { id, productName, activatedAt, users } = device;
  return html`<li>
    <div class="line">
      <strong>${productName}</strong><span class="tags">${tag(tagOf(device))}</span>
    </div>
    <div class="line"><span>${copyable(id, '设备 ID')}</span></div>
    <div class="line quiet">
      <span>${users.length} 位用户</span><span>${beijingDate(activatedAt)} 激活</span>
    </div>
  </li>`;
}

/** The devices of 庆科. */
export function devicesSection(devices: readonly Device[]): Html {
  return html`<section id="devices" data-live>
    <h2>设备（庆科）</h2>
    ${listOf(devices.map(row), '没有设备。')}
  </section>`;
}
