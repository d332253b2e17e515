import { useState } from 'react';
import { Input, View } from '@tarojs/components';
import { useErrorText } from '@client/components/error-notice';
import { MainButton } from '@client/components/main-button';
import { liveRegionProps } from '@client/components/accessibility';
import { useBindDevice } from '@client/device/queries';
import { useDeviceTexts } from '@client/device/texts';

const DEVICE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const MAX_LENGTH = 64;

/** Says which device a card is in. */
export function BindForm({ cardId, onBound }: { cardId: string; onBound(): void }) {
  const texts = useDeviceTexts();
  const errorText = useErrorText();
  const [deviceId, setDeviceId] = useState('');
  const [invalid, setInvalid] = useState(false);
  const bind = useBindDevice(cardId);
  const problem = bind.error
    ? `${errorText(bind.error).title}。${errorText(bind.error).detail}`
    : undefined;
  const submit = (): void => {
    const typed = deviceId.trim();
    const isValid = DEVICE_ID.test(typed);
    setInvalid(!isValid);
    if (isValid) bind.mutate(typed, { onSuccess: onBound });
  };
  return (
    <View className="device-tie">
      <View className="device-tie-title">{texts.bindTitle}</View>
      <View className="device-tie-text">{texts.bindText}</View>
      <Input
        id="device-id-input"
        className="device-input"
        {...{ 'aria-label': texts.idLabel }}
        maxlength={MAX_LENGTH}
        placeholder={texts.idPlaceholder}
        placeholderClass="input-placeholder"
        value={deviceId}
        onInput={(event) => setDeviceId(event.detail.value)}
        onConfirm={submit}
      />
      <View className="device-tie-help">{texts.idHelp}</View>
      {(invalid || problem !== undefined) && (
        <View id="device-fault" className="device-fault" {...liveRegionProps()}>
          {invalid ? texts.idInvalid : problem}
        </View>
      )}
      <MainButton id="tie-button" busy={bind.isPending} onPress={submit}>
        {texts.bind}
      </MainButton>
    </View>
  );
}
