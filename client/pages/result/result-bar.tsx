import type { Order } from '@shared/contract';
import { CancelOrder } from '@client/components/cancel-order';
import { ActionButton } from '@client/components/action-button';
import { useTexts } from '@client/i18n/language';
import { returnToCard, openOrder, openPackages } from '@client/lib/navigation';
import type { Phase } from '@client/purchase/progress';
import type { useResult } from './use-result';

interface ResultBarProps {
  order: Order;
  phase: Phase;
  result: ReturnType<typeof useResult>;
}

function UnpaidBar({ order, result }: ResultBarProps) {
  const { result: texts } = useTexts();
  return (
    <>
      {order.actions.includes('cancel') && <CancelOrder id="result-cancel" orderId={order.id} />}
      {order.actions.includes('pay') && (
        <ActionButton
          id="result-continue-pay"
          kind="pay"
          busy={result.isPaying}
          onPress={result.pay}
        >
          {texts.continuePay}
        </ActionButton>
      )}
    </>
  );
}

function FinishedBar({ order }: { order: Order }) {
  const { result: texts } = useTexts();
  return (
    <>
      {order.actions.includes('buyAgain') && (
        <ActionButton
          id="result-again"
          kind="secondary"
          onPress={() => openPackages(order.card.id, order.package.id)}
        >
          {texts.again}
        </ActionButton>
      )}
      <ActionButton id="result-done" onPress={() => returnToCard(order.card.id)}>
        {texts.done}
      </ActionButton>
    </>
  );
}

/** An order that is still being placed can be neither paid nor cancelled. */
function hasUnpaidActions({ actions }: Order): boolean {
  return actions.includes('pay') || actions.includes('cancel');
}

/** The actions that are possible now. */
export function ResultBar(props: ResultBarProps) {
  const { order, phase } = props;
  const { result: texts } = useTexts();
  if (phase === 'unpaid' && hasUnpaidActions(order)) return <UnpaidBar {...props} />;
  if (phase === 'delivered' || phase === 'ended') return <FinishedBar order={order} />;
  return (
    <ActionButton id="result-order" kind="secondary" onPress={() => openOrder(order.id)}>
      {texts.viewOrder}
    </ActionButton>
  );
}
