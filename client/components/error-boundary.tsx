import { Component } from 'react';
import type { ComponentType, PropsWithChildren, ReactNode } from 'react';
import { View } from '@tarojs/components';
import { useTexts } from '@client/i18n/language';
import { openHome } from '@client/lib/navigation';
import { logFailure } from '@client/lib/rejections';
import { ActionButton } from './action-button';
import { Notice } from './notice';

function PageFailed({ onRetry }: { onRetry(): void }) {
  const { common } = useTexts();
  return (
    <View className="page">
      <View className="page-column">
        <Notice kind="failed" title={common.pageFailed.title} detail={common.pageFailed.detail}>
          <ActionButton id="page-retry" kind="secondary" onPress={onRetry}>
            {common.retry}
          </ActionButton>
          <ActionButton id="page-home" onPress={openHome}>
            {common.home}
          </ActionButton>
        </Notice>
      </View>
    </View>
  );
}

/** Shows a message and a way home instead of a page that failed to render. */
class ErrorBoundary extends Component<PropsWithChildren, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown): void {
    logFailure('a page failed to render', error);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <PageFailed onRetry={() => this.setState({ failed: false })} />;
  }
}

/** A page that shows a message if it fails to render. Taro itself would show nothing. */
export function guardedPage(Page: ComponentType): ComponentType {
  return function GuardedPage() {
    return (
      <ErrorBoundary>
        <Page />
      </ErrorBoundary>
    );
  };
}
