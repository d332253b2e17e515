import { ConfirmSheet } from '@client/components/confirm-sheet';
import { useTexts } from '@client/i18n/language';

interface SignOutSheetProps {
  open: boolean;
  onClose(): void;
  onSignOut(): void;
}

/** Asks before signing out, and says what stays. */
export function SignOutSheet({ open, onClose, onSignOut }: SignOutSheetProps) {
  const { me, common } = useTexts();
  return (
    <ConfirmSheet
      title={me.signOutTitle}
      text={me.signOutText}
      open={open}
      cancelLabel={common.cancel}
      confirmLabel={me.signOut}
      confirmId="confirm-sign-out"
      onClose={onClose}
      onConfirm={onSignOut}
    />
  );
}
