import { useState } from 'react';
import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { useErrorText } from '@client/components/error-notice';
import { ActionButton } from '@client/components/action-button';
import { InlineError } from '@client/components/inline-error';
import { Sheet } from '@client/components/sheet';
import { TextInput } from '@client/components/text-input';
import { useTexts } from '@client/i18n/language';
import { useRenameCard } from '@client/state/cards';

const MAX_NICKNAME_LENGTH = 20;

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
      <TextInput
        id="nickname-input"
        label={texts.renameTitle}
        maxLength={MAX_NICKNAME_LENGTH}
        placeholder={texts.renamePlaceholder}
        value={name}
        onChange={setName}
        onSubmit={save}
      />
      {rename.error && <InlineError>{errorText(rename.error).title}</InlineError>}
      <View className="sheet-actions">
        <ActionButton kind="secondary" onPress={onClose}>
          {common.cancel}
        </ActionButton>
        <ActionButton id="save-nickname" busy={rename.isPending} onPress={save}>
          {common.save}
        </ActionButton>
      </View>
    </>
  );
}

/** Edits the nickname of a card in the wallet. */
export function RenameSheet({ card, open, onClose }: RenameSheetProps) {
  const { card: texts } = useTexts();
  return (
    <Sheet title={texts.renameTitle} open={open} onClose={onClose}>
      <RenameForm card={card} onClose={onClose} />
    </Sheet>
  );
}
