import { useState } from 'react';
import { Input, View } from '@tarojs/components';
import { useErrorWords } from '@client/components/failure';
import { MainButton } from '@client/components/main-button';
import { announced } from '@client/components/semantics';
import { useDeviceTexts } from '@client/device/texts';

interface ProofFormProps {
  people: number;
  /** Why the last try did nothing. */
  fault: Error | undefined;
  busy: boolean;
  onConfirm(number: string): void;
  onClose(): void;
}

const LONGEST = 40;

function Fault({ fault }: { fault: Error }) {
  const { title, detail } = useErrorWords()(fault);
  return (
    <View id="proof-fault" className="sheet-fault" {...announced()}>
      <View>{title}</View>
      <View>{detail}</View>
    </View>
  );
}

/** The number of the card, typed as a proof that it is at hand. */
export function ProofForm({ people, fault, busy, onConfirm, onClose }: ProofFormProps) {
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
        maxlength={LONGEST}
        placeholder={texts.provePlaceholder}
        placeholderClass="input-placeholder"
        value={number}
        onInput={(event) => setNumber(event.detail.value)}
        onConfirm={submit}
      />
      {fault && <Fault fault={fault} />}
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
