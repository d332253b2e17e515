import { useState } from 'react';
import type { ReactNode } from 'react';
import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { ConfirmSheet } from '@client/components/confirm-sheet';
import { useErrorText } from '@client/components/error-notice';
import { Pressable } from '@client/components/pressable';
import type { useSnackbar } from '@client/components/snackbar';
import { useTexts } from '@client/i18n/language';
import { openOrders } from '@client/lib/navigation';
import { useAddCard, useRemoveCard } from '@client/state/cards';
import { RenameSheet } from './rename-sheet';

type ShowMessage = ReturnType<typeof useSnackbar>['showMessage'];

function Action({ id, onPress, children }: { id: string; onPress(): void; children: ReactNode }) {
  return (
    <Pressable id={id} className="card-action" onPress={onPress}>
      {children}
    </Pressable>
  );
}

/** Adds the card to the wallet and removes it, each with a message. */
function useWalletChanges(card: Card, showMessage: ShowMessage) {
  const texts = useTexts();
  const errorText = useErrorText();
  const add = useAddCard(card.id);
  const remove = useRemoveCard(card.id);
  const showError = (error: Error): void => showMessage({ text: errorText(error).title });

  const addToWallet = (): void =>
    add.mutate(card.nickname, {
      onSuccess: () => showMessage({ text: texts.card.added }),
      onError: showError,
    });
  const undo = { label: texts.common.undo, onPress: addToWallet };
  const removeFromWallet = (): void =>
    remove.mutate(undefined, {
      onSuccess: () => showMessage({ text: texts.card.removed, action: undo }),
      onError: showError,
    });
  return { addToWallet, removeFromWallet };
}

/** The secondary actions of a card. */
export function CardActions({ card, showMessage }: { card: Card; showMessage: ShowMessage }) {
  const { card: texts, common } = useTexts();
  const [sheet, setSheet] = useState<'rename' | 'remove'>();
  const { addToWallet, removeFromWallet } = useWalletChanges(card, showMessage);
  const close = (): void => setSheet(undefined);
  return (
    <View className="card-actions">
      {card.inWallet ? (
        <>
          <Action id="rename-button" onPress={() => setSheet('rename')}>
            {texts.rename}
          </Action>
          <Action id="remove-button" onPress={() => setSheet('remove')}>
            {texts.remove}
          </Action>
        </>
      ) : (
        <Action id="add-button" onPress={addToWallet}>
          {texts.add}
        </Action>
      )}
      <Action id="orders-button" onPress={openOrders}>
        {texts.orders}
      </Action>
      <RenameSheet card={card} open={sheet === 'rename'} onClose={close} />
      <ConfirmSheet
        title={texts.removeTitle}
        text={texts.removeText}
        open={sheet === 'remove'}
        cancelLabel={common.cancel}
        confirmLabel={texts.remove}
        confirmId="confirm-remove"
        onClose={close}
        onConfirm={removeFromWallet}
      />
    </View>
  );
}
