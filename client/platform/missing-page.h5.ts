import { currentTexts } from '@client/i18n/language';
import { openOverlay } from './browser-overlay';

/** Webpack's name for code of a page that did not arrive, scripts and styles alike. */
const MISSING = 'ChunkLoadError';

let shown = false;

function action(text: string, onPress: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.id = 'missing-page-retry';
  button.append(text);
  button.addEventListener('click', onPress);
  return button;
}

function sheet(onRetry: () => void): HTMLElement {
  const { common, errors } = currentTexts();
  const element = document.createElement('div');
  element.className = 'overlay-scan-sheet';
  const title = document.createElement('h2');
  title.className = 'overlay-scan-title';
  title.append(errors['client.offline'].title);
  const detail = document.createElement('p');
  detail.className = 'overlay-scan-detail';
  detail.append(errors['client.offline'].detail);
  element.append(title, detail, action(common.retry, onRetry));
  return element;
}

/** A reload also helps where a newer version has taken the place of what was to be loaded. */
function offerRetry(): void {
  if (shown) return;
  shown = true;
  const close = (): void => {
    shown = false;
    overlay.close();
  };
  const retry = (): void => {
    close();
    if (navigator.onLine) window.location.reload();
  };
  const overlay = openOverlay({
    label: currentTexts().errors['client.offline'].title,
    className: 'overlay-scan',
    onEscape: close,
  });
  overlay.element.append(sheet(retry));
}

/** Says so where a page cannot be opened for want of its code; else a tap would simply do nothing. */
export function watchForMissingPages(): void {
  window.addEventListener('unhandledrejection', (event: PromiseRejectionEvent) => {
    if (!(event.reason instanceof Error) || event.reason.name !== MISSING) return;
    event.preventDefault();
    offerRetry();
  });
}
