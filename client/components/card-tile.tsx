import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { statusTone, usageTone } from '@client/lib/card-tone';
import {
  cardName,
  carrierAndNumber,
  lastFour,
  remainingShare,
  volumeText,
} from '@client/lib/format';
import { useLanguage, useTexts } from '@client/i18n/language';
import { useNow } from '@client/hooks/use-now';
import { unreadableText } from '@client/lib/unreadable';
import { Pressable } from './pressable';
import { StatusLabel } from './status-label';
import './card-tile.scss';

function Gauge({ usage }: { usage: Card['usage'] }) {
  if (!usage) return null;
  const share = remainingShare(usage);
  return (
    <View className="card-tile-gauge">
      <View
        className={`card-tile-gauge-left card-tile-gauge-${usageTone(share)}`}
        style={{ width: `${Math.round(share * 100)}%` }}
      />
    </View>
  );
}

/** A card in a list, drawn like a SIM: its name, status and remaining data. */
export function CardTile({ card, onPress }: { card: Card; onPress(): void }) {
  const texts = useTexts();
  const language = useLanguage();
  const unreadable = unreadableText(card, texts.card, useNow());
  return (
    <Pressable
      className={`card-tile card-tile-${card.carrier}`}
      id={`card-${card.id}`}
      onPress={onPress}
    >
      <View className="card-tile-row">
        <View className="card-tile-name">{cardName(card, texts)}</View>
        <StatusLabel tone={statusTone(card.status)}>{card.status.label}</StatusLabel>
      </View>
      <View className="card-tile-row card-tile-detail">
        <View>{carrierAndNumber(card.carrier, lastFour(card.number), language)}</View>
        {card.usage && (
          <View>{`${texts.card.remaining} ${volumeText(card.usage.remainingMb, 'down')}`}</View>
        )}
      </View>
      <Gauge usage={card.usage} />
      {unreadable !== undefined && <View className="card-tile-unread">{unreadable}</View>}
    </Pressable>
  );
}
