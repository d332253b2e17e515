import { useState } from 'react';
import { View } from '@tarojs/components';
import { useErrorText } from '@client/components/error-notice';
import { InlineError } from '@client/components/inline-error';
import { ActionButton } from '@client/components/action-button';
import { TextInput } from '@client/components/text-input';
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
    <InlineError id="proof-fault">
      <View>{title}</View>
      <View>{detail}</View>
    </InlineError>
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
