import { useState } from 'react';
import { View } from '@tarojs/components';
import { ConfirmSheet } from '@client/components/confirm-sheet';
import { useErrorWords } from '@client/components/failure';
import { Pressable } from '@client/components/pressable';
import { useUntieDevice } from '@client/device/queries';
import { useDeviceTexts } from '@client/device/texts';
import { useTexts } from '@client/i18n/language';

/** Takes the tie between card and device away. */
export function UntieAction({ cardId, say }: { cardId: string; say(text: string): void }) {
  const texts = useDeviceTexts();
  const { common } = useTexts();
  const words = useErrorWords();
  const [asking, setAsking] = useState(false);
  const untie = useUntieDevice(cardId);
  const confirm = (): void =>
    untie.mutate(undefined, {
      onSuccess: () => say(texts.untied),
      onError: (error) => say(words(error).title),
    });
  return (
    <View className="device-foot">
      <Pressable
        id="untie-button"
        className="device-untie"
        disabled={untie.isPending}
        onPress={() => setAsking(true)}
      >
        {texts.untie}
      </Pressable>
      <ConfirmSheet
        title={texts.untieTitle}
        text={texts.untieText}
        open={asking}
        keepLabel={common.cancel}
        doLabel={texts.untie}
        doId="confirm-untie"
        onClose={() => setAsking(false)}
        onConfirm={confirm}
      />
    </View>
  );
}
