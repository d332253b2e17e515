import { View } from '@tarojs/components';
import { Pressable } from '@client/components/pressable';
import { labelledProps } from '@client/components/accessibility';
import { dateOf } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';
import type { Effective } from './choice';

interface EffectiveChoiceProps {
  options: readonly Effective[];
  current: Effective;
  onChoose(when: Effective['when']): void;
}

/** Chooses when the package starts, now or next month, with the dates of each. */
export function EffectiveChoice({ options, current, onChoose }: EffectiveChoiceProps) {
  const { packages } = useTexts();
  return (
    <View className="effective" {...labelledProps('radiogroup', packages.effectiveTitle)}>
      {options.map(({ when, from, until, warning }) => (
        <Pressable
          key={when}
          id={`effective-${when}`}
          role="radio"
          selected={when === current.when}
          className={
            when === current.when ? 'effective-option effective-current' : 'effective-option'
          }
          onPress={() => onChoose(when)}
        >
          <View className="effective-mark" />
          <View>
            <View>{packages[when]}</View>
            <View className="effective-dates">{packages.from(dateOf(from), dateOf(until))}</View>
            {warning !== null && <View className="effective-warning">{warning}</View>}
          </View>
        </Pressable>
      ))}
    </View>
  );
}
