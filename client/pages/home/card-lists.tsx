import { useState } from 'react';
import { useDidShow } from '@tarojs/taro';
import { View } from '@tarojs/components';
import { carrierNames } from '@shared/carrier-status';
import type { Card } from '@shared/contract';
import { CardTile } from '@client/components/card-tile';
import { Pressable } from '@client/components/pressable';
import { Section } from '@client/components/section';
import { groupByFours } from '@client/lib/format';
import { useLanguage, useTexts } from '@client/i18n/language';
import { openCard } from '@client/lib/navigation';
import { storedLookUps } from '@client/state/persisted-state';
import { FirstVisit } from './first-visit';

/** The cards of the wallet. */
export function MyCards({ cards }: { cards: readonly Card[] }) {
  const { home } = useTexts();
  return (
    <Section title={home.myCards}>
      <View className="card-list">
        {cards.map((card) => (
          <CardTile key={card.id} card={card} onPress={() => openCard(card.id)} />
        ))}
      </View>
    </Section>
  );
}

/** Recent look-ups, or the introduction if there are none. */
export function RecentLookUps() {
  const { home } = useTexts();
  const language = useLanguage();
  const [recent, setRecent] = useState(() => storedLookUps.read() ?? []);
  useDidShow(() => setRecent(storedLookUps.read() ?? []));
  if (recent.length === 0) return <FirstVisit />;
  const clear = (): void => {
    storedLookUps.clear();
    setRecent([]);
  };
  const clearButton = (
    <Pressable className="section-action" onPress={clear}>
      {home.clearRecent}
    </Pressable>
  );
  return (
    <Section title={home.recent} aside={clearButton}>
      <View className="panel">
        {recent.map(({ cardId, number, carrier }) => (
          <Pressable key={cardId} className="recent" onPress={() => openCard(cardId)}>
            <View className="recent-number">{groupByFours(number)}</View>
            {carrier !== 'unknown' && (
              <View className="recent-carrier">{carrierNames[carrier][language]}</View>
            )}
          </Pressable>
        ))}
      </View>
    </Section>
  );
}
