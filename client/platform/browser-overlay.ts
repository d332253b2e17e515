import './browser-overlay.scss';

export interface Overlay {
  /** What is laid over the page; the caller fills it. */
  element: HTMLElement;
  close(): void;
}

interface OverlayOptions {
  /** What a screen reader calls it. */
  label: string;
  className: string;
  /** Escape was pressed. */
  onEscape?: () => void;
}

/**
 * Lays a modal element over the page: what lies under it can be neither reached nor read until it
 * closes, and the focus then goes back to where it was.
 */
export function openOverlay({ label, className, onEscape }: OverlayOptions): Overlay {
  const page = document.getElementById('app');
  const previousFocus = document.activeElement;
  const element = document.createElement('div');
  element.className = `overlay ${className}`;
  element.tabIndex = -1;
  element.setAttribute('role', 'dialog');
  element.setAttribute('aria-modal', 'true');
  element.setAttribute('aria-label', label);
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') onEscape?.();
  });
  document.body.append(element);
  page?.setAttribute('inert', '');
  element.focus();
  return {
    element,
    close() {
      element.remove();
      page?.removeAttribute('inert');
      if (previousFocus instanceof HTMLElement) previousFocus.focus();
    },
  };
}
