import { View } from '@tarojs/components';
import { Pressable } from './pressable';
import './link-row.scss';

interface LinkRowProps {
  id: string;
  name: string;
  /** Shown before the arrow, as the value of a fact is. */
  value?: string;
  onPress(): void;
}

/** A row of a panel that leads to another page. */
export function LinkRow({ id, name, value, onPress }: LinkRowProps) {
  return (
    <Pressable id={id} role="link" className="link-row" onPress={onPress}>
      <View className={value === undefined ? 'link-row-name' : 'link-row-name link-row-name-soft'}>
        {name}
      </View>
      {value !== undefined && <View className="link-row-value">{value}</View>}
      <View className="link-row-arrow" />
    </Pressable>
  );
}
