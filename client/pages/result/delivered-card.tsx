import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { View } from '@tarojs/components';
import { usageTone } from '@client/lib/card-tone';
import { Volume } from '@client/components/figures';
import { Ring } from '@client/components/ring';
import { remainingShare, volumeText } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';
import { useCard } from '@client/state/cards';
import { runInBackground } from '@client/lib/rejections';
import { keys } from '@client/state/keys';

/** The remaining data after a delivery; the ring fills once. */
export function DeliveredCard({ cardId }: { cardId: string }) {
  const client = useQueryClient();
  const { data: card, isFetchedAfterMount } = useCard(cardId);
  const { result: texts } = useTexts();
  useEffect(() => {
    // The cached card is from before the top-up.
    runInBackground(client.invalidateQueries({ queryKey: keys.card(cardId) }));
    runInBackground(client.invalidateQueries({ queryKey: keys.wallet }));
  }, [client, cardId]);
  if (!card?.usage || !isFetchedAfterMount) return null;
  const share = remainingShare(card.usage);
  const label = `${texts.cardNow} ${volumeText(card.usage.remainingMb, 'down')}`;
  return (
    <View className="result-card">
      <Ring share={share} tone={usageTone(share)} label={label} animated>
        <View className="result-card-label">{texts.cardNow}</View>
        <Volume
          id="card-remaining"
          megabytes={card.usage.remainingMb}
          rounding="down"
          size="display"
        />
      </Ring>
    </View>
  );
}
