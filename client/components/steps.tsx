import { View } from '@tarojs/components';
import './steps.scss';

interface StepsProps {
  names: readonly string[];
  /** How many are done; the next one is in progress. */
  done: number;
}

function stateOf(index: number, done: number): string {
  if (index < done) return 'done';
  return index === done ? 'now' : 'later';
}

/** A row of steps; the finished ones are ticked. */
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
