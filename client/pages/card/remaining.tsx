import { Text, View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { ApiError } from '@client/api/api-error';
import { usageTone } from '@client/lib/card-tone';
import { useErrorText } from '@client/components/error-notice';
import { Volume } from '@client/components/figures';
import { Pressable } from '@client/components/pressable';
import { Ring } from '@client/components/ring';
import { liveRegionProps } from '@client/components/accessibility';
import { useNow } from '@client/hooks/use-now';
import { shortDateTime, remainingShare, volumeText } from '@client/lib/format';
import type { Dictionary } from '@client/i18n/dictionary';
import { useTexts } from '@client/i18n/language';
import { isUnread, unreadableText } from '@client/lib/unreadable';
import { useRefreshCard } from '@client/state/cards';

function useRefreshNote(error: Error | null): string | undefined {
  const errorText = useErrorText();
  const { common } = useTexts();
  if (!error) return undefined;
  const wait = error instanceof ApiError ? error.retryAfter : undefined;
  const { title } = errorText(error);
  return wait === undefined ? title : `${title} · ${common.waitSeconds(wait)}`;
}

function Updated({ card }: { card: Card }) {
  const { card: texts, common } = useTexts();
  const now = useNow();
  const refresh = useRefreshCard(card.id);
  const note = useRefreshNote(refresh.error);
  const unreadable = unreadableText(card, texts, now);
  return (
    <>
      <View className="remaining-updated">
        <Text>{texts.updatedAt(shortDateTime(card.fetchedAt, now))}</Text>
        <Pressable
          id="refresh-button"
          className="remaining-refresh"
          disabled={refresh.isPending}
          onPress={() => refresh.mutate()}
        >
          {refresh.isPending ? common.loading : common.refresh}
        </Pressable>
      </View>
      {unreadable !== undefined && (
        <View id="card-unreadable" className="remaining-note">
          {unreadable}
        </View>
      )}
      {note !== undefined && (
        <View className="remaining-note" {...liveRegionProps()}>
          {note}
        </View>
      )}
    </>
  );
}

/** A card with no data at all has no package; "0 of 0" would not say that. */
function usageLine(
  { usedMb, totalMb }: NonNullable<Card['usage']>,
  texts: Dictionary['card'],
): string {
  if (totalMb === 0 && usedMb === 0) return texts.noCurrent;
  return texts.used(volumeText(usedMb, 'nearest'), volumeText(totalMb, 'nearest'));
}

/** The remaining data in a ring; under it the used and total data and the time of the query. */
export function Remaining({ card }: { card: Card }) {
  const { card: texts } = useTexts();
  const { usage } = card;
  const share = remainingShare(usage);
  const noUsage = isUnread(card, 'usage') ? texts.unread : texts.noUsage;
  const label = usage ? `${texts.remaining} ${volumeText(usage.remainingMb, 'down')}` : noUsage;
  return (
    <View className="remaining">
      <Ring share={share} tone={usageTone(share)} label={label}>
        {usage ? (
          <>
            <View className="remaining-label">{texts.remaining}</View>
            <Volume
              id="card-remaining"
              megabytes={usage.remainingMb}
              rounding="down"
              size="display"
            />
          </>
        ) : (
          <View id="card-remaining" className="remaining-unknown">
            {noUsage}
          </View>
        )}
      </Ring>
      {usage && <View className="remaining-line">{usageLine(usage, texts)}</View>}
      <Updated card={card} />
    </View>
  );
}
