import { useState } from 'react';
import Taro from '@tarojs/taro';
import { Text, View } from '@tarojs/components';
import { useTexts } from '@client/i18n/language';
import { Pressable } from './pressable';
import './copyable.scss';

/** A number with a button that copies it. */
export function Copyable({ id, text, name }: { id?: string; text: string; name: string }) {
  const { common } = useTexts();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await Taro.setClipboardData({ data: text });
    setCopied(true);
  };
  return (
    <View className="copyable">
      <Text {...(id === undefined ? {} : { id })} className="copyable-text">
        {text}
      </Text>
      <Pressable
        className="copyable-button"
        label={`${common.copy} ${name}`}
        onPress={() => void copy()}
      >
        {copied ? common.copied : common.copy}
      </Pressable>
    </View>
  );
}
