import { useState } from 'react';
import { View } from '@tarojs/components';
import { useErrorText } from '@client/components/error-notice';
import { InlineError } from '@client/components/inline-error';
import { ActionButton } from '@client/components/action-button';
import { TextInput } from '@client/components/text-input';
import { useDeviceTexts } from '@client/device/texts';

interface PossessionFormProps {
  userCount: number;
  /** The error of the last attempt. */
  error: Error | undefined;
  busy: boolean;
  onConfirm(number: string): void;
  onClose(): void;
}

const MAX_LENGTH = 512;

function ErrorMessage({ error }: { error: Error }) {
  const { title, detail } = useErrorText()(error);
  return (
    <InlineError id="proof-error">
      <View>{title}</View>
      <View>{detail}</View>
    </InlineError>
  );
}

/** Asks for the card's full number as a proof of possession. */
export function PossessionForm(props: PossessionFormProps) {
  const { userCount, error, busy, onConfirm, onClose } = props;
  const texts = useDeviceTexts();
  const [number, setNumber] = useState('');
  const typed = number.trim();
  const submit = (): void => {
    if (typed !== '' && !busy) onConfirm(typed);
  };
  return (
    <>
      <View className="sheet-text">{texts.proveText(userCount)}</View>
      <TextInput
        id="proof-input"
        label={texts.proveTitle}
        maxLength={MAX_LENGTH}
        placeholder={texts.provePlaceholder}
        value={number}
        onChange={setNumber}
        onSubmit={submit}
      />
      {error && <ErrorMessage error={error} />}
      <View className="sheet-actions">
        <ActionButton kind="secondary" onPress={onClose}>
          {texts.cancel}
        </ActionButton>
        <ActionButton
          id="release-confirm"
          kind="danger"
          disabled={typed === ''}
          busy={busy}
          onPress={submit}
        >
          {texts.confirmRelease}
        </ActionButton>
      </View>
    </>
  );
}
