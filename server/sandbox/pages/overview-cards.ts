import {
  carrierNames,
  readCardStatus,
  type CardStatusCode,
  type Carrier,
} from '@shared/carrier-status';
import { formatVolume } from '@shared/data-volume';
import { usageOf } from '../card-usage';
import { totalMb as totalOf } from '../dakashi/card-states';
import { carrierCodeOf } from '../dakashi/listing';
import type { AgentCard } from '../dakashi/state';
import type { SimCard } from '../state';
import type { Simulator } from '../simulator';
import { html, type Html } from './html';
import { copyable, tag } from './overview-orders';

const goodCodes: readonly CardStatusCode[] = ['active', 'testing'];
const waitingCodes: readonly CardStatusCode[] = [
  'pendingActivation',
  'inventory',
  'dormant',
  'unknown',
];

function toneOf(code: CardStatusCode): 'good' | 'soon' | 'bad' {
  if (goodCodes.includes(code)) return 'good';
  return waitingCodes.includes(code) ? 'soon' : 'bad';
}

function volume(megabytes: number): string {
  const { value, unit } = formatVolume(megabytes);
  return `${value} ${unit}`;
}

function gauge(left: number, total: number): Html {
  const width = Math.round((Math.max(0, left) / total) * 100);
  return html`<span class="bar" aria-hidden="true"
    ><svg viewBox="0 0 100 4" preserveAspectRatio="none"><rect width="${width}" height="4" /></svg
  ></span>`;
}

/** A card of any platform, as the page shows it. */
interface OverviewCard {
  iccid: string;
  number: string;
  numberName: string;
  carrier: Carrier;
  /** The carrier of 旭宇's cards; the platform's name for others. */
  origin: string;
  carrierCode: string;
  totalMb: number;
  leftMb: number;
}

function fromShingsou(card: SimCard, now: number): OverviewCard {
  const { iccid, accessNumber: number, carrier, carrierCode } = card;
  const origin = carrierNames[carrier]['zh-CN'];
  const { totalMb, leftMb } = usageOf(card, now);
  return { iccid, number, numberName: '接入号', carrier, origin, carrierCode, totalMb, leftMb };
}

function fromDakashi(card: AgentCard, now: number): OverviewCard {
  const totalMb = totalOf(card, now);
  return {
    iccid: card.iccid,
    number: card.serialNo,
    numberName: '卡号',
    carrier: 'unknown',
    origin: '大卡师',
    carrierCode: carrierCodeOf(card),
    totalMb,
    leftMb: totalMb - card.usedMb,
  };
}

function usageCell({ totalMb, leftMb }: OverviewCard): Html {
  if (totalMb === 0) return html`<span class="quiet">没有生效的套餐</span>`;
  return html`<span>
    <span class="quiet">剩 ${volume(leftMb)} / ${volume(totalMb)}</span>${gauge(leftMb, totalMb)}
  </span>`;
}

function cardRow(card: OverviewCard): Html {
  const status = readCardStatus(card.carrier, card.carrierCode);
  const label = status.label['zh-CN'];
  const searchTerms = [
    card.iccid,
    card.number,
    card.origin,
    card.carrierCode,
    label,
    ...status.carrierTexts,
  ];
  return html`<li class="card" data-card="${searchTerms.join(' ').toUpperCase()}">
    <span>${copyable(card.iccid, ' ICCID')}</span>
    <span>${copyable(card.number, card.numberName)}</span>
    <span class="line">
      <span>${card.origin} <span class="quiet">${card.carrierCode}</span></span>
      ${tag({ text: label, tone: toneOf(status.code) })}
    </span>
    ${usageCell(card)}
  </li>`;
}

/** All cards, with a text filter. */
export function cardsSection(simulator: Simulator): Html {
  const now = simulator.now();
  const cards = [
    ...simulator.cards.all.map((card) => fromShingsou(card, now)),
    ...(simulator.state.dakashi?.cards ?? []).map((card) => fromDakashi(card, now)),
  ];
  return html`<section>
    <h2>卡片</h2>
    <p class="note">共 ${cards.length} 张，点号码可复制。</p>
    <div class="row">
      <input
        id="filter"
        type="search"
        placeholder="号码、运营商或状态，如 电信、停机"
        aria-label="筛选卡片"
      />
    </div>
    <ul id="cards" class="list" data-live>
      ${cards.map(cardRow)}
    </ul>
    <p id="none" class="empty" hidden>没有符合的卡片。</p>
  </section>`;
}
