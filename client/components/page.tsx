import { useEffect } from 'react';
import type { PropsWithChildren, ReactNode } from 'react';
import Taro, { useDidShow } from '@tarojs/taro';
import { View } from '@tarojs/components';
import { useTexts } from '@client/i18n/language';
import { runInBackground } from '@client/lib/rejections';
import { canSignIn } from '@client/platform/login';
import { simulatedWeChat } from '@client/platform/simulated-wechat';
import { isStorageFailing } from '@client/storage/phone-storage';
import { Notice } from './notice';
import './page.scss';

interface PageProps {
  title: string;
  /** The bar at the bottom with the one main action. */
  bar?: ReactNode;
  /** Whether to say that the app runs as a demonstration, or cannot store anything. */
  showDemoNotice?: boolean;
}

function OpenInWeChat() {
  const { title, detail } = useTexts().errors['client.open_in_wechat'];
  return <Notice kind="wechat" title={title} detail={detail} />;
}

function DemoNotice() {
  const texts = useTexts();
  return simulatedWeChat() === undefined ? null : <View className="page-demo">{texts.demo}</View>;
}

/** Said on the pages that show what is kept between launches. */
function StorageNotice() {
  const { common } = useTexts();
  return isStorageFailing() ? <View className="page-storage">{common.storageFailing}</View> : null;
}

/** The layout of customers' pages: title, content column, and bar at the bottom. */
export function Page({
  title,
  bar,
  showDemoNotice = false,
  children,
}: PropsWithChildren<PageProps>) {
  const showTitle = (): void => runInBackground(Taro.setNavigationBarTitle({ title }));
  useDidShow(showTitle);
  useEffect(showTitle, [title]);
  if (!canSignIn()) return <OpenInWeChat />;
  return (
    <View className={bar ? 'page page-above-bar' : 'page'}>
      <View className="page-column">
        {children}
        {showDemoNotice && <StorageNotice />}
        {showDemoNotice && <DemoNotice />}
      </View>
      {bar !== undefined && bar !== null && (
        <View className="page-bar">
          <View className="page-bar-content">{bar}</View>
        </View>
      )}
    </View>
  );
}
