import { useState } from 'react';
import type { ReactNode } from 'react';
import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { useErrorWords } from '@client/components/failure';
import { Pressable } from '@client/components/pressable';
import type { useSnackbar } from '@client/components/snackbar';
import { useTexts } from '@client/i18n/language';
import { openOrders } from '@client/navigation';
import { useAddCard, useRemoveCard } from '@client/state/cards';
import { RemoveSheet } from './remove-sheet';
import { RenameSheet } from './rename-sheet';

type Say = ReturnType<typeof useSnackbar>['say'];

function Action({ id, onPress, children }: { id: string; onPress(): void; children: ReactNode }) {
  return (
    <Pressable id={id} className="card-action" onPress={onPress}>
      {children}
    </Pressable>
  );
}

/** Puts the card into the wallet and takes it out, each with its word of confirmation. */
function useWalletChanges(card: Card, say: Say) {
  const texts = useTexts();
  const words = useErrorWords();
  const add = useAddCard(card.id);
  const remove = useRemoveCard(card.id);
  const sayError = (error: Error): void => say({ text: words(error).title });

  const putIn = (): void =>
    add.mutate(card.nickname, {
      onSuccess: () => say({ text: texts.card.added }),
      onError: sayError,
    });
  const undo = { label: texts.common.undo, onPress: putIn };
  const takeOut = (): void =>
    remove.mutate(undefined, {
      onSuccess: () => say({ text: texts.card.removed, action: undo }),
      onError: sayError,
    });
  return { putIn, takeOut };
}

/** The quiet actions of a card. */
export function CardActions({ card, say }: { card: Card; say: Say }) {
  const { card: texts } = useTexts();
  const [sheet, setSheet] = useState<'rename' | 'remove'>();
  const { putIn, takeOut } = useWalletChanges(card, say);
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
        <Action id="add-button" onPress={putIn}>
          {texts.add}
        </Action>
      )}
      <Action id="orders-button" onPress={openOrders}>
        {texts.orders}
      </Action>
      <RenameSheet card={card} open={sheet === 'rename'} onClose={close} />
      <RemoveSheet open={sheet === 'remove'} onClose={close} onRemove={takeOut} />
    </View>
  );
}
