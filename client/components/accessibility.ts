/**
 * The semantics of a View for screen readers and keyboards. Browsers and WeChat have different attributes
 * for the same semantics.
 */
interface AccessibilityProps {
  role: string;
  label?: string | undefined;
  disabled?: boolean | undefined;
  /** For tabs and radios: whether this one is selected. */
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

/** Attributes for an element that can be pressed or selected. */
export function pressableProps(semantics: AccessibilityProps): object {
  return inBrowser ? browserAttributes(semantics) : weChatAttributes(semantics);
}

/**
 * Attributes for a text field.
 * @param label its accessible name
 * @param browserProps HTML attributes that WeChat does not have
 */
export function inputProps(label: string, browserProps: object): object {
  return inBrowser ? { 'aria-label': label, ...browserProps } : { ariaLabel: label };
}

/** Attributes for an element that screen readers announce as a whole, by its label. */
export function labelledProps(role: string, label: string): object {
  return inBrowser ? { role, 'aria-label': label } : { ariaRole: role, ariaLabel: label };
}

/** Attributes for text that screen readers announce when it changes. */
export function liveRegionProps(): object {
  return inBrowser ? { role: 'status', 'aria-live': 'polite' } : {};
}
