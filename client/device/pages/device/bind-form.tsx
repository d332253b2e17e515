import { useState } from 'react';
import { View } from '@tarojs/components';
import { useErrorText } from '@client/components/error-notice';
import { InlineError } from '@client/components/inline-error';
import { ActionButton } from '@client/components/action-button';
import { TextInput } from '@client/components/text-input';
import { useBindDevice } from '@client/device/queries';
import { useDeviceTexts } from '@client/device/texts';
import { useTexts } from '@client/i18n/language';

const DEVICE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_LENGTH = 64;

/** Binds the device that a card is in, by its id. */
export function BindForm({ cardId, onBound }: { cardId: string; onBound(): void }) {
  const texts = useDeviceTexts();
  const { common } = useTexts();
  const errorText = useErrorText();
  const [deviceId, setDeviceId] = useState('');
  const [invalid, setInvalid] = useState(false);
  const bind = useBindDevice(cardId);
  const problem = bind.error ? errorText(bind.error) : undefined;
  const submit = (): void => {
    const typed = deviceId.trim();
    const isValid = DEVICE_ID.test(typed);
    setInvalid(!isValid);
    if (isValid) bind.mutate(typed, { onSuccess: onBound });
  };
  return (
    <View className="device-bind">
      <View className="device-bind-title">{texts.bindTitle}</View>
      <View className="device-bind-text">{texts.bindText}</View>
      <TextInput
        id="device-id-input"
        className="text-input device-id-input"
        label={texts.idLabel}
        maxLength={MAX_LENGTH}
        placeholder={texts.idPlaceholder}
        value={deviceId}
        onChange={setDeviceId}
        onSubmit={submit}
      />
      <View className="device-bind-help">{texts.idHelp}</View>
      {invalid && <InlineError id="device-error">{texts.idInvalid}</InlineError>}
      {problem && !invalid && (
        <InlineError id="device-error">
          {common.sentences(problem.title, problem.detail)}
        </InlineError>
      )}
      <ActionButton id="bind-button" busy={bind.isPending} onPress={submit}>
        {texts.bind}
      </ActionButton>
    </View>
  );
}
