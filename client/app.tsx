import { useEffect } from 'react';
import type { PropsWithChildren } from 'react';
import { QueryClientProvider, focusManager } from '@tanstack/react-query';
import Taro, { useDidHide, useDidShow, useLaunch, usePageNotFound } from '@tarojs/taro';
import { currentTexts, onLanguageChange } from './i18n/language';
import { preparePlatform } from './platform/prepare';
import { persistQueryCache } from './state/persist-cache';
import { storedCache } from './state/stored-values';
import { createQueryClient } from './state/query-client';
import './app.scss';

const queryClient = createQueryClient();
persistQueryCache(queryClient, storedCache);

/** The tab bar belongs to WeChat, which reads its words once; they follow the language from here. */
function updateTabTexts(): void {
  const { home, orders, me } = currentTexts().tabs;
  [home, orders, me].forEach((text, index) => {
    // Refused while a page without the bar is shown; the next page with it names it again.
    Taro.setTabBarItem({ index, text }).catch(() => undefined);
  });
}

function handleLanguageChange(): void {
  updateTabTexts();
  // What the BFF words arrives in the new language.
  void queryClient.invalidateQueries();
}

export default function App({ children }: PropsWithChildren) {
  useLaunch(preparePlatform);
  useDidShow(() => {
    focusManager.setFocused(true);
    updateTabTexts();
  });
  // An old or mistyped link is no reason to show nothing.
  usePageNotFound(() => void Taro.switchTab({ url: '/pages/home/index' }));
  useDidHide(() => focusManager.setFocused(false));
  useEffect(() => onLanguageChange(handleLanguageChange), []);
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>;
}
