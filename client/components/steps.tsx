import { View } from '@tarojs/components';
import './steps.scss';

interface StepsProps {
  names: readonly string[];
  /** How many are done; the next one is under way. */
  done: number;
}

function stateOf(index: number, done: number): string {
  if (index < done) return 'done';
  return index === done ? 'now' : 'later';
}

/** Steps one after the other, the finished ones ticked. */
export function Steps({ names, done }: StepsProps) {
  return (
    <View className="steps">
      {names.map((name, index) => (
        <View key={name} className={`step step-${stateOf(index, done)}`}>
          <View className="step-mark" />
          <View className="step-name">{name}</View>
        </View>
      ))}
    </View>
  );
}
