import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { cardName, carrierAndNumber, groupByFours } from '@client/lib/format';
import { useLanguage, useTexts } from '@client/i18n/language';

/** The name, carrier and number of a card. */
export function CardHead({ card }: { card: Card }) {
  const texts = useTexts();
  const language = useLanguage();
  return (
    <View className={`card-head card-head-${card.carrier}`}>
      <View className="card-head-name">{cardName(card, texts)}</View>
      <View className="card-head-line">
        {carrierAndNumber(card.carrier, groupByFours(card.number), language)}
      </View>
    </View>
  );
}
