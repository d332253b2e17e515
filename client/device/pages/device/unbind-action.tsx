import { useState } from 'react';
import { View } from '@tarojs/components';
import { ConfirmSheet } from '@client/components/confirm-sheet';
import { useErrorText } from '@client/components/error-notice';
import { Pressable } from '@client/components/pressable';
import { useUnbindDevice } from '@client/device/queries';
import { useDeviceTexts } from '@client/device/texts';
import { useTexts } from '@client/i18n/language';

/** Unbinds the device from its card, after a confirmation. */
export function UnbindAction({
  cardId,
  showMessage,
}: {
  cardId: string;
  showMessage(text: string): void;
}) {
  const texts = useDeviceTexts();
  const { common } = useTexts();
  const errorText = useErrorText();
  const [confirming, setConfirming] = useState(false);
  const unbind = useUnbindDevice(cardId);
  const confirm = (): void =>
    unbind.mutate(undefined, {
      onSuccess: () => showMessage(texts.unbound),
      onError: (error) => showMessage(errorText(error).title),
    });
  return (
    <View className="device-foot">
      <Pressable
        id="unbind-button"
        className="device-unbind"
        disabled={unbind.isPending}
        onPress={() => setConfirming(true)}
      >
        {texts.unbind}
      </Pressable>
      <ConfirmSheet
        title={texts.unbindTitle}
        text={texts.unbindText}
        open={confirming}
        cancelLabel={common.cancel}
        confirmLabel={texts.unbind}
        confirmId="confirm-unbind"
        onClose={() => setConfirming(false)}
        onConfirm={confirm}
      />
    </View>
  );
}
