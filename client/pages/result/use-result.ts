import { useEffect, useState } from 'react';
import type { Order } from '@shared/contract';
import { useVisible } from '@client/components/use-visible';
import { usePageParams } from '@client/components/use-page-params';
import { USUAL_MS, askAgainIn, phaseOf } from '@client/purchase/progress';
import type { LastOutcome, Phase } from '@client/purchase/progress';
import { usePayOrder } from '@client/purchase/use-purchase';
import { useOrder } from '@client/state/orders';

const outcomes: readonly LastOutcome[] = ['done', 'cancelled', 'failed'];

function readOutcome(text: string | undefined): LastOutcome {
  return outcomes.find((outcome) => outcome === text) ?? 'unknown';
}

/** Whether longer has passed than this usually takes, since the watch began anew. */
function useTakesLong(watch: number): boolean {
  const [longSince, setLongSince] = useState<number>();
  useEffect(() => {
    const timer = setTimeout(() => setLongSince(watch), USUAL_MS);
    return () => clearTimeout(timer);
  }, [watch]);
  return longSince === watch;
}

/** An order being paid and delivered, watched for as long as its page is on the screen. */
export function useResult() {
  const { orderId = '', outcome: opened } = usePageParams();
  const visible = useVisible();
  const payment = usePayOrder();
  const [outcome, setOutcome] = useState(() => readOutcome(opened));
  const [since, setSince] = useState(() => Date.now());
  const long = useTakesLong(since);
  const query = useOrder(orderId, (order) =>
    visible ? askAgainIn(order, outcome, Date.now() - since) : false,
  );

  const pay = (): void =>
    payment.mutate(orderId, {
      onSuccess: (attempt) => {
        setOutcome(attempt.outcome);
        setSince(Date.now());
      },
    });

  return {
    orderId,
    query,
    outcome,
    long,
    pay,
    paying: payment.isPending,
    payError: payment.error,
    phaseFor: (order: Order): Phase => phaseOf(order.state, outcome),
  };
}
