import { View } from '@tarojs/components';
import type { Order } from '@shared/contract';
import { useErrorText } from '@client/components/error-notice';
import { liveRegionProps } from '@client/components/accessibility';
import { Steps } from '@client/components/steps';
import { clockTime } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';
import type { Phase } from '@client/purchase/progress';
import type { useResult } from './use-result';

interface ResultStateProps {
  order: Order;
  phase: Phase;
  result: ReturnType<typeof useResult>;
}

const stepsDone: Readonly<Partial<Record<Phase, number>>> = {
  confirming: 0,
  processing: 1,
  delivered: 3,
};

/** The text under the state; it says first what happened to the money. */
function useAdvice({ order, phase, result }: ResultStateProps): string {
  const { result: texts } = useTexts();
  if (phase === 'confirming') return result.isSlow ? texts.confirmingLong : texts.confirmingAdvice;
  if (phase === 'unpaid' && result.outcome === 'failed') return texts.paymentFailed;
  return order.stateAdvice;
}

/** The state of the purchase in words, and as steps while it is in progress. */
export function ResultState(props: ResultStateProps) {
  const { order, phase, result } = props;
  const { result: texts } = useTexts();
  const errorText = useErrorText();
  const advice = useAdvice(props);
  const done = stepsDone[phase];
  return (
    <View className="result-state">
      {done !== undefined && <Steps names={texts.steps} done={done} />}
      <View id="result-state" className="result-label" {...liveRegionProps()}>
        {phase === 'confirming' ? texts.confirming : order.stateLabel}
      </View>
      <View className="result-advice">{advice}</View>
      {phase === 'processing' && result.isSlow && (
        <View className="result-advice">{texts.longer}</View>
      )}
      {phase === 'unpaid' && (
        <View className="result-deadline">{texts.payBefore(clockTime(order.payBefore))}</View>
      )}
      {phase === 'unpaid' && result.payError && (
        <View className="result-error">{errorText(result.payError).title}</View>
      )}
    </View>
  );
}
