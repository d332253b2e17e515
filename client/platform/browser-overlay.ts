import './browser-overlay.scss';

export interface Overlay {
  /** The overlay's element, to be filled by the caller. */
  element: HTMLElement;
  close(): void;
}

interface OverlayOptions {
  /** The accessible name. */
  label: string;
  className: string;
  /** Called when Escape is pressed. */
  onEscape?: () => void;
}

/**
 * Opens a modal overlay. The page under it is inert until it closes; the focus then returns to where it
 * was.
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
