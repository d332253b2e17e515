import { Text, View } from '@tarojs/components';
import type { Tone } from '@client/lib/card-tone';
import './status-label.scss';

/** A status in words, after a mark whose shape and colour show its tone. */
export function StatusLabel({ id, tone, children }: { id?: string; tone: Tone; children: string }) {
  return (
    <View {...(id === undefined ? {} : { id })} className={`status-label status-label-${tone}`}>
      <View className="status-label-mark" />
      <Text>{children}</Text>
    </View>
  );
}
