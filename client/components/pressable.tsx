import type { PropsWithChildren } from 'react';
import { View } from '@tarojs/components';
import { pressableProps } from './accessibility';
import './pressable.scss';

interface PressableProps {
  id?: string | undefined;
  className?: string;
  role?: 'button' | 'tab' | 'radio' | 'link';
  /** The accessible name, if the content does not provide one. */
  label?: string | undefined;
  disabled?: boolean;
  selected?: boolean | undefined;
  onPress(): void;
}

/** An element that can be pressed by touch, keyboard or screen reader. */
export function Pressable({
  id,
  className = '',
  role = 'button',
  label,
  disabled = false,
  selected,
  onPress,
  children,
}: PropsWithChildren<PressableProps>) {
  return (
    <View
      {...(id === undefined ? {} : { id })}
      className={`pressable ${className}`}
      hoverClass={disabled ? 'none' : 'pressable-pressed'}
      {...pressableProps({ role, label, disabled, selected })}
      onClick={() => {
        if (!disabled) onPress();
      }}
    >
      {children}
    </View>
  );
}
