import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import { Input, View } from '@tarojs/components';
import { ApiError } from '@client/api/api-error';
import { useErrorText } from '@client/components/error-notice';
import { MainButton } from '@client/components/main-button';
import { liveRegionProps } from '@client/components/accessibility';
import { useTexts } from '@client/i18n/language';
import { signInStaff } from '../../staff-session';
import { useStaffTexts } from '../../texts';

function ErrorMessage({ error }: { error: Error }) {
  const errorText = useErrorText();
  const { common } = useTexts();
  const { title, detail } = errorText(error);
  const wait = error instanceof ApiError ? error.retryAfter : undefined;
  return (
    <View id="staff-fault" className="sheet-fault" {...liveRegionProps()}>
      {`${title}。${wait === undefined ? detail : common.waitSeconds(wait)}`}
    </View>
  );
}

/** The staff's way in. */
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
      <Input
        id="staff-username"
        className="sheet-input"
        {...{ 'aria-label': texts.username, autoComplete: 'username', autoCapitalize: 'off' }}
        placeholder={texts.username}
        placeholderClass="input-placeholder"
        maxlength={64}
        value={username}
        onInput={(event) => setUsername(event.detail.value)}
      />
      <Input
        id="staff-password"
        className="sheet-input"
        {...{ 'aria-label': texts.password, autoComplete: 'current-password' }}
        password
        placeholder={texts.password}
        placeholderClass="input-placeholder"
        maxlength={256}
        value={password}
        onInput={(event) => setPassword(event.detail.value)}
        onConfirm={submit}
      />
      {signIn.error && <ErrorMessage error={signIn.error} />}
      <MainButton id="staff-sign-in" disabled={!ready} busy={signIn.isPending} onPress={submit}>
        {texts.signIn}
      </MainButton>
    </View>
  );
}
