import { View } from '@tarojs/components';
import { ActionButton } from './action-button';
import { Sheet } from './sheet';

interface ConfirmSheetProps {
  title: string;
  /** The consequences. */
  text: string;
  open: boolean;
  cancelLabel: string;
  confirmLabel: string;
  confirmId: string;
  onClose(): void;
  onConfirm(): void;
}

/** Asks for confirmation before a destructive action. */
export function ConfirmSheet(props: ConfirmSheetProps) {
  const { title, text, open, cancelLabel, confirmLabel, confirmId, onClose, onConfirm } = props;
  const confirm = (): void => {
    onClose();
    onConfirm();
  };
  return (
    <Sheet title={title} open={open} onClose={onClose}>
      <View className="sheet-text">{text}</View>
      <View className="sheet-actions">
        <ActionButton kind="secondary" onPress={onClose}>
          {cancelLabel}
        </ActionButton>
        <ActionButton id={confirmId} kind="danger" onPress={confirm}>
          {confirmLabel}
        </ActionButton>
      </View>
    </Sheet>
  );
}
