import { useState } from 'react';
import { View } from '@tarojs/components';
import { useTexts } from '@client/i18n/language';
import { useCancelOrder } from '@client/state/orders';
import { ConfirmSheet } from './confirm-sheet';
import { useErrorText } from './error-notice';
import { ActionButton } from './action-button';
import { liveRegionProps } from './accessibility';
import './cancel-order.scss';

/** Cancels an unpaid order, after asking. */
export function CancelOrder({ id, orderId }: { id: string; orderId: string }) {
  const { result: texts } = useTexts();
  const errorText = useErrorText();
  const [confirming, setConfirming] = useState(false);
  const cancel = useCancelOrder(orderId);
  return (
    <>
      <ActionButton
        id={id}
        kind="secondary"
        busy={cancel.isPending}
        onPress={() => setConfirming(true)}
      >
        {texts.cancelOrder}
      </ActionButton>
      {cancel.error && (
        <View className="cancel-error" {...liveRegionProps()}>
          {errorText(cancel.error).title}
        </View>
      )}
      <ConfirmSheet
        title={texts.cancelTitle}
        text={texts.cancelText}
        open={confirming}
        cancelLabel={texts.keep}
        confirmLabel={texts.cancelOrder}
        confirmId="confirm-cancel"
        onClose={() => setConfirming(false)}
        onConfirm={() => cancel.mutate()}
      />
    </>
  );
}
