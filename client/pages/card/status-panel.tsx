import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { statusTone } from '@client/lib/card-tone';
import { StatusLabel } from '@client/components/status-label';
import { useTexts } from '@client/i18n/language';

/** The carrier's code and wording, shown if the code is ambiguous or unknown to us. */
function useCarrierText({ carrierCode, carrierTexts, code }: Card['status']): string | undefined {
  const { card } = useTexts();
  if (carrierTexts.length > 1) return card.carrierSays(carrierCode, carrierTexts.join(' / '));
  if (code !== 'unknown' || carrierCode === '') return undefined;
  const [text] = carrierTexts;
  return text === undefined
    ? card.carrierUnlisted(carrierCode)
    : card.carrierSays(carrierCode, text);
}

/** The status of a card, and what to do about it. */
export function StatusPanel({ card }: { card: Card }) {
  const carrierText = useCarrierText(card.status);
  const tone = statusTone(card.status);
  return (
    <View className={`status-panel status-panel-${tone}`}>
      <StatusLabel id="card-status" tone={tone}>
        {card.status.label}
      </StatusLabel>
      <View className="status-panel-advice">{card.status.advice}</View>
      {carrierText !== undefined && <View className="status-panel-carrier">{carrierText}</View>}
    </View>
  );
}
