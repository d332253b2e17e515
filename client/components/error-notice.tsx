import { View } from '@tarojs/components';
import { ApiError } from '@client/api/api-error';
import { useTexts } from '@client/i18n/language';
import { session } from '@client/api/services';
import { ActionButton } from './action-button';
import { Notice } from './notice';

interface ErrorNoticeProps {
  error: Error;
  onRetry(): void;
}

/** The texts of an error. Errors other than ApiError get a general text. */
export function useErrorText(): (error: Error) => { title: string; detail: string } {
  const { errors } = useTexts();
  return (error) => (error instanceof ApiError ? error : errors['client.unreadable']);
}

function codeOf(error: Error): string | undefined {
  return error instanceof ApiError ? error.code : undefined;
}

/** Shows what failed, with a button to retry. */
export function ErrorNotice({ error, onRetry }: ErrorNoticeProps) {
  const texts = useTexts();
  const { title, detail } = useErrorText()(error);
  const code = codeOf(error);
  const signedOut = code === 'client.signed_out';
  const requestId = error instanceof ApiError && error.status >= 500 ? error.requestId : undefined;
  const retry = (): void => {
    if (signedOut) session.allowSignIn();
    onRetry();
  };
  return (
    <Notice kind={code === 'client.offline' ? 'offline' : 'failed'} title={title} detail={detail}>
      <ActionButton id="retry-button" kind="secondary" onPress={retry}>
        {signedOut ? texts.common.signIn : texts.common.retry}
      </ActionButton>
      {requestId !== undefined && <View>{texts.common.requestId(requestId)}</View>}
    </Notice>
  );
}
