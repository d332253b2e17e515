import { currentTexts } from '@client/i18n/language';
import { openOverlay } from './browser-overlay';

/** The name of webpack's error when a script or style sheet of a page cannot be loaded. */
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

/** Offers a reload, which also helps after a deployment has replaced the files. */
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

/** Tells the user when the code of a page cannot be loaded; otherwise a press would have no effect. */
export function watchForMissingPages(): void {
  window.addEventListener('unhandledrejection', (event: PromiseRejectionEvent) => {
    if (!(event.reason instanceof Error) || event.reason.name !== MISSING) return;
    event.preventDefault();
    offerRetry();
  });
}
