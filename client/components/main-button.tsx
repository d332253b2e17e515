import type { PropsWithChildren } from 'react';
import { Button } from '@nutui/nutui-react-taro';
import { View } from '@tarojs/components';
import { pressableProps } from './accessibility';
import './main-button.scss';

interface MainButtonProps {
  id?: string;
  /** `pay` is WeChat's green, for paying alone. */
  kind?: 'main' | 'pay' | 'quiet' | 'danger';
  disabled?: boolean;
  /** Something is under way: shown, and pressing again does nothing. */
  busy?: boolean;
  onPress(): void;
}

/** A button with words on it. */
export function MainButton({
  id,
  kind = 'main',
  disabled = false,
  busy = false,
  onPress,
  children,
}: PropsWithChildren<MainButtonProps>) {
  return (
    <Button
      {...(id === undefined ? {} : { id })}
      className={`main-button main-button-${kind}`}
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
      {busy && <View className="main-button-turning" />}
      {children}
    </Button>
  );
}
