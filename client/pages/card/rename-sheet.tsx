import { useState } from 'react';
import { Input, View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { useErrorText } from '@client/components/error-notice';
import { MainButton } from '@client/components/main-button';
import { Sheet } from '@client/components/sheet';
import { useTexts } from '@client/i18n/language';
import { useRenameCard } from '@client/state/cards';

interface RenameSheetProps {
  card: Card;
  open: boolean;
  onClose(): void;
}

function RenameForm({ card, onClose }: Omit<RenameSheetProps, 'open'>) {
  const { card: texts, common } = useTexts();
  const errorText = useErrorText();
  const [name, setName] = useState(card.nickname ?? '');
  const rename = useRenameCard(card.id);
  const save = (): void => rename.mutate(name.trim() || null, { onSuccess: onClose });
  return (
    <>
      <Input
        id="nickname-input"
        className="sheet-input"
        {...{ 'aria-label': texts.renameTitle }}
        maxlength={20}
        placeholder={texts.renamePlaceholder}
        placeholderClass="input-placeholder"
        value={name}
        onInput={(event) => setName(event.detail.value)}
        onConfirm={save}
      />
      {rename.error && <View className="sheet-fault">{errorText(rename.error).title}</View>}
      <View className="sheet-actions">
        <MainButton kind="quiet" onPress={onClose}>
          {common.cancel}
        </MainButton>
        <MainButton id="save-nickname" busy={rename.isPending} onPress={save}>
          {common.save}
        </MainButton>
      </View>
    </>
  );
}

/** Names a card of the wallet. */
export function RenameSheet({ card, open, onClose }: RenameSheetProps) {
  const { card: texts } = useTexts();
  return (
    <Sheet title={texts.renameTitle} open={open} onClose={onClose}>
      <RenameForm card={card} onClose={onClose} />
    </Sheet>
  );
}
