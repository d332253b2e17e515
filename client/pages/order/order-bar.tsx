import type { Order } from '@shared/contract';
import type { OrderAction } from '@shared/order-state';
import { CancelOrder } from '@client/components/cancel-order';
import { ActionButton } from '@client/components/action-button';
import { useTexts } from '@client/i18n/language';
import { redirectToResult, openPackages } from '@client/lib/navigation';
import type { usePayOrder } from '@client/purchase/use-purchase';

interface OrderBarProps {
  order: Order;
  payment: ReturnType<typeof usePayOrder>;
}

const offered: readonly OrderAction[] = ['pay', 'cancel', 'buyAgain'];

/** Whether the order has actions for the bar. */
export function hasOrderBar(order: Order): boolean {
  return order.actions.some((action) => offered.includes(action));
}

/** The actions that are possible with the order now. */
export function OrderBar({ order, payment }: OrderBarProps) {
  const { order: texts } = useTexts();
  const can = (action: OrderAction): boolean => order.actions.includes(action);
  const pay = (): void =>
    payment.mutate(order.id, {
      onSuccess: ({ orderId, outcome }) => {
        if (outcome === 'done') redirectToResult(orderId, outcome);
      },
    });
  return (
    <>
      {can('cancel') && <CancelOrder id="order-cancel" orderId={order.id} />}
      {can('pay') && (
        <ActionButton id="order-pay" kind="pay" busy={payment.isPending} onPress={pay}>
          {texts.pay}
        </ActionButton>
      )}
      {can('buyAgain') && !can('pay') && (
        <ActionButton
          id="order-again"
          onPress={() => openPackages(order.card.id, order.package.id)}
        >
          {texts.again}
        </ActionButton>
      )}
    </>
  );
}
