/**
 * What a View needs so that screen readers and keyboards know it for what it is. Browsers and WeChat
 * take the same facts under different names.
 */
interface AccessibilityProps {
  role: string;
  label?: string | undefined;
  disabled?: boolean | undefined;
  /** For tabs and radios: whether this is the chosen one. */
  selected?: boolean | undefined;
}

const inBrowser = process.env.TARO_ENV === 'h5';

function browserAttributes({ role, label, disabled, selected }: AccessibilityProps): object {
  return {
    role,
    tabIndex: disabled ? -1 : 0,
    ...(label === undefined ? {} : { 'aria-label': label }),
    ...(disabled ? { 'aria-disabled': true } : {}),
    ...(selected === undefined
      ? {}
      : { [role === 'tab' ? 'aria-selected' : 'aria-checked']: selected }),
  };
}

function weChatAttributes({ role, label }: AccessibilityProps): object {
  return { ariaRole: role, ...(label === undefined ? {} : { ariaLabel: label }) };
}

/** Attributes for something that can be pressed or chosen. */
export function pressableProps(semantics: AccessibilityProps): object {
  return inBrowser ? browserAttributes(semantics) : weChatAttributes(semantics);
}

/**
 * Attributes for a text field.
 * @param label its accessible name
 * @param autoComplete the HTML attribute of that name, which only browsers have
 */
export function inputProps(label: string, autoComplete?: string): object {
  if (!inBrowser) return { ariaLabel: label };
  return { 'aria-label': label, ...(autoComplete === undefined ? {} : { autoComplete }) };
}

/** Attributes for something that is one picture or figure to whoever cannot see it. */
export function labelledProps(role: string, label: string): object {
  return inBrowser ? { role, 'aria-label': label } : { ariaRole: role, ariaLabel: label };
}

/** Attributes for text that changes by itself and is then read out. */
export function liveRegionProps(): object {
  return inBrowser ? { role: 'status', 'aria-live': 'polite' } : {};
}
