import { ConfirmSheet } from '@client/components/confirm-sheet';
import { useTexts } from '@client/i18n/language';

interface RemoveSheetProps {
  open: boolean;
  onClose(): void;
  onRemove(): void;
}

/** Asks before a card leaves the wallet. */
export function RemoveSheet({ open, onClose, onRemove }: RemoveSheetProps) {
  const { card, common } = useTexts();
  return (
    <ConfirmSheet
      title={card.removeTitle}
      text={card.removeText}
      open={open}
      cancelLabel={common.cancel}
      confirmLabel={card.remove}
      confirmId="confirm-remove"
      onClose={onClose}
      onConfirm={onRemove}
    />
  );
}
