import { useState } from 'react';
import { Input, View } from '@tarojs/components';
import { useErrorText } from '@client/components/error-notice';
import { MainButton } from '@client/components/main-button';
import { liveRegionProps } from '@client/components/accessibility';
import { useDeviceTexts } from '@client/device/texts';

interface PossessionFormProps {
  people: number;
  /** Why the last try did nothing. */
  error: Error | undefined;
  busy: boolean;
  onConfirm(number: string): void;
  onClose(): void;
}

const MAX_LENGTH = 40;

function ErrorMessage({ error }: { error: Error }) {
  const { title, detail } = useErrorText()(error);
  return (
    <View id="proof-fault" className="sheet-fault" {...liveRegionProps()}>
      <View>{title}</View>
      <View>{detail}</View>
    </View>
  );
}

/** The number of the card, typed as a proof that it is at hand. */
export function PossessionForm({ people, error, busy, onConfirm, onClose }: PossessionFormProps) {
  const texts = useDeviceTexts();
  const [number, setNumber] = useState('');
  const typed = number.trim();
  const submit = (): void => {
    if (typed !== '' && !busy) onConfirm(typed);
  };
  return (
    <>
      <View className="sheet-text">{texts.proveText(people)}</View>
      <Input
        id="proof-input"
        className="sheet-input"
        {...{ 'aria-label': texts.proveTitle }}
        maxlength={MAX_LENGTH}
        placeholder={texts.provePlaceholder}
        placeholderClass="input-placeholder"
        value={number}
        onInput={(event) => setNumber(event.detail.value)}
        onConfirm={submit}
      />
      {error && <ErrorMessage error={error} />}
      <View className="sheet-actions">
        <MainButton kind="quiet" onPress={onClose}>
          {texts.cancel}
        </MainButton>
        <MainButton
          id="release-confirm"
          kind="danger"
          disabled={typed === ''}
          busy={busy}
          onPress={submit}
        >
          {texts.confirmRelease}
        </MainButton>
      </View>
    </>
  );
}
