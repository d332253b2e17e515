import type { PropsWithChildren } from 'react';
import { Button } from '@nutui/nutui-react-taro';
import { View } from '@tarojs/components';
import { pressableProps } from './accessibility';
import './action-button.scss';

interface ActionButtonProps {
  id?: string;
  /** `pay` has WeChat's green and is only for payments. */
  kind?: 'primary' | 'pay' | 'secondary' | 'danger';
  disabled?: boolean;
  /** Shows a spinner and ignores presses. */
  busy?: boolean;
  onPress(): void;
}

/** A button for one of the page's actions. */
export function ActionButton({
  id,
  kind = 'primary',
  disabled = false,
  busy = false,
  onPress,
  children,
}: PropsWithChildren<ActionButtonProps>) {
  return (
    <Button
      {...(id === undefined ? {} : { id })}
      className={`action-button action-button-${kind}`}
      type="primary"
      size="xlarge"
      block
      disabled={disabled}
      {...pressableProps({ role: 'button', disabled: disabled || busy })}
      onClick={() => {
        if (!busy) onPress();
      }}
    >
      {/* NutUI's own spinner is an HTML tag, for which the mini-program has no template. */}
      {busy && <View className="action-button-spinner" />}
      {children}
    </Button>
  );
}
