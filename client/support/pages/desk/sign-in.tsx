import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { View } from '@tarojs/components';
import { ApiError } from '@client/api/api-error';
import { useErrorText } from '@client/components/error-notice';
import { InlineError } from '@client/components/inline-error';
import { ActionButton } from '@client/components/action-button';
import { TextInput } from '@client/components/text-input';
import { useTexts } from '@client/i18n/language';
import { signInStaff } from '../../staff-session';
import { useStaffTexts } from '../../texts';

function ErrorMessage({ error }: { error: Error }) {
  const { common } = useTexts();
  const { title, detail } = useErrorText()(error);
  const wait = error instanceof ApiError ? error.retryAfter : undefined;
  return (
    <InlineError id="staff-error">
      {common.sentences(title, wait === undefined ? detail : common.waitSeconds(wait))}
    </InlineError>
  );
}

/** The sign-in form of the staff desk. */
export function SignIn() {
  const texts = useStaffTexts();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({ mutationFn: () => signInStaff(username.trim(), password) });
  const ready = username.trim() !== '' && password !== '';
  const submit = (): void => {
    if (ready) signIn.mutate();
  };
  return (
    <View className="staff-sign-in">
      <View className="staff-sign-in-title">{texts.signInTitle}</View>
      <TextInput
        id="staff-username"
        label={texts.username}
        browserProps={{ autoComplete: 'username', autoCapitalize: 'off' }}
        placeholder={texts.username}
        maxLength={64}
        value={username}
        onChange={setUsername}
      />
      <TextInput
        id="staff-password"
        label={texts.password}
        browserProps={{ autoComplete: 'current-password' }}
        password
        placeholder={texts.password}
        maxLength={256}
        value={password}
        onChange={setPassword}
        onSubmit={submit}
      />
      {signIn.error && <ErrorMessage error={signIn.error} />}
      <ActionButton id="staff-sign-in" disabled={!ready} busy={signIn.isPending} onPress={submit}>
        {texts.signIn}
      </ActionButton>
    </View>
  );
}
