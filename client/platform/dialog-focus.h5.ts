import { useEffect, useRef } from 'react';
import type { UseDialogFocus } from './ports';

const FOCUSABLE = 'input, [tabindex="0"]';

/** Keeps Tab inside the dialog: after its last element it focuses the first one again. */
function trapFocus(dialog: HTMLElement, event: KeyboardEvent): void {
  const inside = [...dialog.querySelectorAll<HTMLElement>(FOCUSABLE)];
  const [first] = inside;
  const last = inside.at(-1);
  if (!first || !last) return;
  const boundary = event.shiftKey ? first : last;
  if (document.activeElement !== boundary && dialog.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? last : first).focus();
}

/** Moves the focus into an open dialog, traps it, closes on Escape, and restores the focus. */
export const useDialogFocus: UseDialogFocus = (open, onClose) => {
  const dialog = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    if (!open) return undefined;
    const previousFocus = document.activeElement;
    const handleKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') close.current();
      if (event.key === 'Tab' && dialog.current) trapFocus(dialog.current, event);
    };
    document.addEventListener('keydown', handleKey);
    dialog.current?.focus();
    return () => {
      document.removeEventListener('keydown', handleKey);
      if (previousFocus instanceof HTMLElement) previousFocus.focus();
    };
  }, [open]);
  return { ref: dialog, tabIndex: -1, 'aria-modal': true };
};
