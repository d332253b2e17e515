import { useEffect, useState } from 'react';
import type { Order } from '@shared/contract';
import { useVisible } from '@client/hooks/use-visible';
import { usePageParams } from '@client/hooks/use-page-params';
import { USUAL_DURATION_MS, nextPollDelay, phaseOf } from '@client/purchase/progress';
import type { LastOutcome, Phase } from '@client/purchase/progress';
import { usePayOrder } from '@client/purchase/use-purchase';
import { useOrder } from '@client/state/orders';

const outcomes: readonly LastOutcome[] = ['done', 'cancelled', 'failed'];

function readOutcome(text: string | undefined): LastOutcome {
  return outcomes.find((outcome) => outcome === text) ?? 'unknown';
}

/** Whether a purchase watched since `startedAt` (epoch milliseconds) takes longer than usual. */
function useIsSlow(startedAt: number): boolean {
  const [slowSince, setSlowSince] = useState<number>();
  useEffect(() => {
    const timer = setTimeout(() => setSlowSince(startedAt), USUAL_DURATION_MS);
    return () => clearTimeout(timer);
  }, [startedAt]);
  return slowSince === startedAt;
}

/** Polls an order while its result page is shown, and pays it again on request. */
export function useResult() {
  const { orderId = '', outcome: initialOutcome } = usePageParams();
  const visible = useVisible();
  const payment = usePayOrder();
  const [outcome, setOutcome] = useState(() => readOutcome(initialOutcome));
  const [watchedSince, setWatchedSince] = useState(() => Date.now());
  const isSlow = useIsSlow(watchedSince);
  const query = useOrder(orderId, (order) =>
    visible ? nextPollDelay(order, outcome, Date.now() - watchedSince) : false,
  );

  const pay = (): void =>
    payment.mutate(orderId, {
      onSuccess: (attempt) => {
        setOutcome(attempt.outcome);
        setWatchedSince(Date.now());
      },
    });

  return {
    orderId,
    query,
    outcome,
    isSlow,
    pay,
    isPaying: payment.isPending,
    payError: payment.error,
    phaseFor: (order: Order): Phase => phaseOf(order.state, outcome),
  };
}
