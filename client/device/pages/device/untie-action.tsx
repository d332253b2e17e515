import { useState } from 'react';
import { View } from '@tarojs/components';
import { ConfirmSheet } from '@client/components/confirm-sheet';
import { useErrorWords } from '@client/components/failure';
import { Pressable } from '@client/components/pressable';
import { useUnbindDevice } from '@client/device/queries';
import { useDeviceTexts } from '@client/device/texts';
import { useTexts } from '@client/i18n/language';

/** Takes the tie between card and device away. */
export function UnbindAction({ cardId, say }: { cardId: string; say(text: string): void }) {
  const texts = useDeviceTexts();
  const { common } = useTexts();
  const words = useErrorWords();
  const [asking, setAsking] = useState(false);
  const unbind = useUnbindDevice(cardId);
  const confirm = (): void =>
    unbind.mutate(undefined, {
      onSuccess: () => say(texts.unbound),
      onError: (error) => say(words(error).title),
    });
  return (
    <View className="device-foot">
      <Pressable
        id="untie-button"
        className="device-untie"
        disabled={unbind.isPending}
        onPress={() => setAsking(true)}
      >
        {texts.unbind}
      </Pressable>
      <ConfirmSheet
        title={texts.unbindTitle}
        text={texts.unbindText}
        open={asking}
        keepLabel={common.cancel}
        doLabel={texts.unbind}
        doId="confirm-untie"
        onClose={() => setAsking(false)}
        onConfirm={confirm}
      />
    </View>
  );
}
