import { useEffect } from 'react';
import type { PropsWithChildren } from 'react';
import { QueryClientProvider, focusManager } from '@tanstack/react-query';
import Taro, {
  useDidHide,
  useDidShow,
  useLaunch,
  usePageNotFound,
  useUnhandledRejection,
} from '@tarojs/taro';
import { currentTexts, onLanguageChange } from './i18n/language';
import { openHome } from './lib/navigation';
import { logFailure, runInBackground } from './lib/rejections';
import { preparePlatform } from './platform/prepare';
import { persistQueryCache } from './state/persist-cache';
import { storedCache } from './state/persisted-state';
import { createQueryClient } from './state/query-client';
import './app.scss';

const queryClient = createQueryClient();
persistQueryCache(queryClient, storedCache);

/** WeChat reads the tab texts from the configuration once; this sets them to the chosen language. */
function updateTabTexts(): void {
  const { home, orders, me } = currentTexts().tabs;
  [home, orders, me].forEach((text, index) => {
    // WeChat refuses this while a page without a tab bar is shown. Every `onShow` tries again.
    Taro.setTabBarItem({ index, text }).catch(() => undefined);
  });
}

function handleLanguageChange(): void {
  updateTabTexts();
  // Texts of the BFF have to be requested again in the new language.
  runInBackground(queryClient.invalidateQueries());
}

export default function App({ children }: PropsWithChildren) {
  useLaunch(preparePlatform);
  useDidShow(() => {
    focusManager.setFocused(true);
    updateTabTexts();
  });
  // Old and mistyped links lead to the home page.
  usePageNotFound(openHome);
  // The last resort: what rejects without a handler is logged.
  useUnhandledRejection(({ reason }) => logFailure('an unhandled rejection', reason));
  useDidHide(() => focusManager.setFocused(false));
  useEffect(() => onLanguageChange(handleLanguageChange), []);
  return <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>;
}
