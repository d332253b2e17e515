import { View } from '@tarojs/components';
import { useErrorText } from '@client/components/error-notice';
import { ActionButton } from '@client/components/action-button';
import { Sheet } from '@client/components/sheet';
import { useTexts } from '@client/i18n/language';
import { redirectToResult, openOrder } from '@client/lib/navigation';
import { usePayOrder } from '@client/purchase/use-purchase';

interface OpenOrderSheetProps {
  /** The unpaid order; undefined if there is none. */
  orderId: string | undefined;
  error: Error | null;
  onClose(): void;
}

function OpenOrderActions({
  orderId,
  error,
  onClose,
}: {
  orderId: string;
  error: Error | null;
  onClose(): void;
}) {
  const { packages } = useTexts();
  const errorText = useErrorText();
  const payment = usePayOrder();
  const shown = payment.error ?? error;
  const pay = (): void =>
    payment.mutate(orderId, {
      onSuccess: ({ outcome }) => redirectToResult(orderId, outcome),
    });
  const viewOrder = (): void => {
    onClose();
    openOrder(orderId);
  };
  return (
    <>
      <View className="sheet-text">{shown ? errorText(shown).detail : ''}</View>
      <View className="sheet-actions">
        <ActionButton id="open-order-view" kind="secondary" onPress={viewOrder}>
          {packages.viewOrder}
        </ActionButton>
        <ActionButton id="open-order-pay" kind="pay" busy={payment.isPending} onPress={pay}>
          {packages.continuePay}
        </ActionButton>
      </View>
    </>
  );
}

/** Shown when there already is an unpaid order for the package: continues with it. */
export function OpenOrderSheet({ orderId, error, onClose }: OpenOrderSheetProps) {
  const { packages } = useTexts();
  return (
    <Sheet title={packages.openTitle} open={orderId !== undefined} onClose={onClose}>
      {orderId !== undefined && (
        <OpenOrderActions orderId={orderId} error={error} onClose={onClose} />
      )}
    </Sheet>
  );
}
