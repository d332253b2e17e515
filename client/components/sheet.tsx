import type { PropsWithChildren } from 'react';
import { View } from '@tarojs/components';
import { useDialogFocus } from '@client/platform/dialog-focus';
import { labelledProps } from './accessibility';
import './sheet.scss';

interface SheetProps {
  title: string;
  open: boolean;
  onClose(): void;
}

/**
 * A modal sheet at the bottom of the page. Pressing the backdrop closes it.
 * NutUI's Popup would add 43 KB of script to every page that has one.
 */
export function Sheet({ title, open, onClose, children }: PropsWithChildren<SheetProps>) {
  const focus = useDialogFocus(open, onClose);
  if (!open) return null;
  return (
    <View className="sheet">
      <View className="sheet-backdrop" catchMove onClick={onClose} />
      <View className="sheet-body" {...labelledProps('dialog', title)} {...focus}>
        <View className="sheet-title">{title}</View>
        {children}
      </View>
    </View>
  );
}
