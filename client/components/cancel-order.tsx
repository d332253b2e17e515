import { useState } from 'react';
import { View } from '@tarojs/components';
import { useTexts } from '@client/i18n/language';
import { useCancelOrder } from '@client/state/orders';
import { ConfirmSheet } from './confirm-sheet';
import { useErrorWords } from './failure';
import { MainButton } from './main-button';
import { announced } from './semantics';
import './cancel-order.scss';

/** Cancels an unpaid order, after asking. */
export function CancelOrder({ id, orderId }: { id: string; orderId: string }) {
  const { result: texts } = useTexts();
  const words = useErrorWords();
  const [asking, setAsking] = useState(false);
  const cancel = useCancelOrder(orderId);
  return (
    <>
      <MainButton id={id} kind="quiet" busy={cancel.isPending} onPress={() => setAsking(true)}>
        {texts.cancelOrder}
      </MainButton>
      {cancel.error && (
        <View className="cancel-fault" {...announced()}>
          {words(cancel.error).title}
        </View>
      )}
      <ConfirmSheet
        title={texts.cancelTitle}
        text={texts.cancelText}
        open={asking}
        keepLabel={texts.keep}
        doLabel={texts.cancelOrder}
        doId="confirm-cancel"
        onClose={() => setAsking(false)}
        onConfirm={() => cancel.mutate()}
      />
    </>
  );
}
