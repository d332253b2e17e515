import { useState } from 'react';
import { Input, View } from '@tarojs/components';
import { parseCardNumber } from '@shared/card-number';
import { MainButton } from '@client/components/main-button';
import { announced } from '@client/components/semantics';
import { Sheet } from '@client/components/sheet';
import { useTexts } from '@client/i18n/language';

interface AddSheetProps {
  open: boolean;
  onClose(): void;
  onAdd(number: string): void;
}

function AddForm({ onClose, onAdd }: Omit<AddSheetProps, 'open'>) {
  const { card, common, home } = useTexts();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const add = (): void => {
    const number = parseCardNumber(text);
    setWrong(number === undefined);
    if (!number) return;
    onClose();
    onAdd(number.value);
  };
  return (
    <>
      <View className="sheet-text">{card.addText}</View>
      <Input
        id="add-number-input"
        className="sheet-input"
        {...{ 'aria-label': home.inputLabel }}
        maxlength={64}
        placeholder={home.placeholder}
        placeholderClass="input-placeholder"
        value={text}
        onInput={(event) => setText(event.detail.value)}
        onConfirm={add}
      />
      {wrong && (
        <View className="sheet-fault" {...announced()}>
          {home.numberInvalid}
        </View>
      )}
      <View className="sheet-actions">
        <MainButton kind="quiet" onPress={onClose}>
          {common.cancel}
        </MainButton>
        <MainButton id="confirm-add" onPress={add}>
          {common.confirm}
        </MainButton>
      </View>
    </>
  );
}

/** Asks for the number of a card that was opened without one: only who has the card can keep it. */
export function AddSheet({ open, onClose, onAdd }: AddSheetProps) {
  const { card } = useTexts();
  return (
    <Sheet title={card.addTitle} open={open} onClose={onClose}>
      <AddForm onClose={onClose} onAdd={onAdd} />
    </Sheet>
  );
}
