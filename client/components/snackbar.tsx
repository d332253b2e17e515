import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { View } from '@tarojs/components';
import { Pressable } from './pressable';
import { liveRegionProps } from './accessibility';
import './snackbar.scss';

interface Message {
  text: string;
  action?: { label: string; onPress(): void };
}

const DISPLAY_MS = 6_000;

/** A short message above the bar, with at most one action, such as undo. */
export function useSnackbar(): { snackbar: ReactNode; showMessage(message: Message): void } {
  const [message, setMessage] = useState<Message>();
  useEffect(() => {
    if (!message) return undefined;
    const timer = setTimeout(() => setMessage(undefined), DISPLAY_MS);
    return () => clearTimeout(timer);
  }, [message]);
  const action = message?.action;
  const snackbar = message && (
    <View className="snackbar" {...liveRegionProps()}>
      <View className="snackbar-text">{message.text}</View>
      {action && (
        <Pressable
          id="snackbar-action"
          className="snackbar-action"
          onPress={() => {
            setMessage(undefined);
            action.onPress();
          }}
        >
          {action.label}
        </Pressable>
      )}
    </View>
  );
  return { snackbar, showMessage: setMessage };
}
