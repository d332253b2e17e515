import { Text, View } from '@tarojs/components';
import type { Tone } from '@client/lib/card-tone';
import './status-word.scss';

/** A state in a word, with a shape of its tone before it. */
export function StatusWord({ id, tone, children }: { id?: string; tone: Tone; children: string }) {
  return (
    <View {...(id === undefined ? {} : { id })} className={`status-word status-word-${tone}`}>
      <View className="status-word-mark" />
      <Text>{children}</Text>
    </View>
  );
}
