import { useState } from 'react';
import { Text, View } from '@tarojs/components';
import { useTexts } from '@client/i18n/language';
import { copyText } from '@client/platform/copy-text';
import { liveRegionProps } from './accessibility';
import { Pressable } from './pressable';
import './copyable.scss';

/** A number with a button that copies it. */
export function Copyable({ id, text, name }: { id?: string; text: string; name: string }) {
  const { common } = useTexts();
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();
  const copy = (): void => {
    copyText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    );
  };
  return (
    <View className="copyable">
      <Text {...(id === undefined ? {} : { id })} className="copyable-text" selectable userSelect>
        {text}
      </Text>
      <Pressable
        id={id === undefined ? undefined : `${id}-copy`}
        className="copyable-button"
        label={`${common.copy} ${name}`}
        onPress={copy}
      >
        {outcome === 'copied' ? common.copied : common.copy}
      </Pressable>
      {outcome === 'refused' && (
        <View className="copyable-refused" {...liveRegionProps()}>
          {common.copyRefused}
        </View>
      )}
    </View>
  );
}
