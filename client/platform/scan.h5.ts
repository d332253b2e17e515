import { carrierNames, carriers, readCardStatus } from '@shared/carrier-status';
import { currentLanguage } from '@client/i18n/language';
import { isRecord, isString } from '@client/lib/guards';
import { openOverlay } from './browser-overlay';
import type { ScanNumber, ScanTexts } from './ports';
import { simulatedWeChat } from './simulated-wechat';

/** Enough for every carrier and status. */
const MAX_CARDS = 60;

interface DemoCard {
  iccid: string;
  note: string;
}

function carrierName(name: unknown): string {
  const carrier = carriers.find((known) => known === name) ?? 'unknown';
  return carrierNames[carrier][currentLanguage()];
}

function statusName(carrier: unknown, carrierCode: unknown): string {
  const known = carriers.find((name) => name === carrier) ?? 'unknown';
  return readCardStatus(known, String(carrierCode)).label[currentLanguage()];
}

function readCard(item: unknown): DemoCard | undefined {
  if (!isRecord(item) || !isString(item.iccid)) return undefined;
  const status = statusName(item.carrier, item.carrierCode);
  return { iccid: item.iccid, note: `${carrierName(item.carrier)} · ${status}` };
}

async function demoCards(): Promise<DemoCard[]> {
  const response = await fetch(`${simulatedWeChat() ?? ''}/sandbox/cards`);
  const body: unknown = await response.json();
  const items = isRecord(body) && Array.isArray(body.items) ? body.items : [];
  return items
    .map(readCard)
    .filter((card) => card !== undefined)
    .slice(0, MAX_CARDS);
}

function button(className: string, text: string, onPress: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = className;
  element.append(text);
  element.addEventListener('click', onPress);
  return element;
}

function cardRow(card: DemoCard, onPick: (iccid: string) => void): HTMLLIElement {
  const row = document.createElement('li');
  const pick = button('overlay-scan-card', card.iccid, () => onPick(card.iccid));
  const note = document.createElement('small');
  note.append(card.note);
  pick.append(note);
  row.append(pick);
  return row;
}

function heading(text: string): HTMLHeadingElement {
  const title = document.createElement('h2');
  title.className = 'overlay-scan-title';
  title.append(text);
  return title;
}

function sheet(cards: DemoCard[], texts: ScanTexts, onEnd: (iccid?: string) => void): HTMLElement {
  const element = document.createElement('div');
  element.className = 'overlay-scan-sheet';
  const list = document.createElement('ul');
  list.className = 'overlay-scan-list';
  list.append(...cards.map((card) => cardRow(card, onEnd)));
  element.append(heading(cards.length > 0 ? texts.title : texts.failed), list);
  element.append(button('overlay-scan-cancel', texts.cancel, () => onEnd()));
  return element;
}

/** Simulates a scan: the user picks one of the demonstration's cards. */
export const scanNumber: ScanNumber = async (texts) => {
  const cards = await demoCards().catch(() => []);
  return new Promise((resolve) => {
    const finish = (iccid?: string): void => {
      overlay.close();
      resolve(iccid);
    };
    const overlay = openOverlay({
      label: texts.title,
      className: 'overlay-scan',
      onEscape: () => finish(),
    });
    overlay.element.append(sheet(cards, texts, finish));
    overlay.element.querySelector('button')?.focus();
  });
};
