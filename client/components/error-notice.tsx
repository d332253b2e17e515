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

/** The words for an error; those of an unforeseen one say no more than is known. */
export function useErrorText(): (error: Error) => { title: string; detail: string } {
  const { errors } = useTexts();
  return (error) => (error instanceof ApiError ? error : errors['client.unreadable']);
}

function codeOf(error: Error): string | undefined {
  return error instanceof ApiError ? error.code : undefined;
}

/** Says what failed and offers to try again. */
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
