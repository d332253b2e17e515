import type { PropsWithChildren } from 'react';
import { Button } from '@nutui/nutui-react-taro';
import { View } from '@tarojs/components';
import { pressableProps } from './accessibility';
import './action-button.scss';

interface ActionButtonProps {
  id?: string;
  /** `pay` is WeChat's green, for paying alone. */
  kind?: 'primary' | 'pay' | 'secondary' | 'danger';
  disabled?: boolean;
  /** Something is under way: shown, and pressing again does nothing. */
  busy?: boolean;
  onPress(): void;
}

/** A button with words on it. */
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
      {/* NutUI's own mark of loading is an HTML tag, which the mini-program has no template for. */}
      {busy && <View className="action-button-spinner" />}
      {children}
    </Button>
  );
}
