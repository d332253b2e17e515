import { currentLanguage, currentTexts, onLanguageChange } from '@client/i18n/language';
import { replaceBlockedStorage } from './blocked-storage.h5';
import { watchForMissingPages } from './missing-page.h5';
import type { PreparePlatform } from './ports';
import { tolerateTranslation } from './translated-page.h5';

// Before Taro reads the storage to open the first page.
replaceBlockedStorage();

/** Taro's tab bar items are `javascript:` links, which violate a strict content security policy. */
function blockScriptLinks(event: Event): void {
  const link =
    event.target instanceof Element ? event.target.closest('a[href^="javascript:"]') : null;
  if (link) event.preventDefault();
}

/** Elements with a button's role react to Enter and Space, as buttons do. */
function clickOnKeyPress(event: KeyboardEvent): void {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  const { target } = event;
  if (
    !(target instanceof HTMLElement) ||
    !target.matches('[role="button"],[role="tab"],[role="radio"]')
  )
    return;
  event.preventDefault();
  target.click();
}

const navigation = {
  'taro-navigation-bar-back': 'back',
  'taro-navigation-bar-home': 'home',
} as const;

/** The buttons of Taro's title bar have neither role nor name. */
function labelNavigation(): void {
  const { common } = currentTexts();
  for (const [className, name] of Object.entries(navigation)) {
    const element = document.querySelector<HTMLElement>(`.${className}`);
    element?.setAttribute('role', 'button');
    element?.setAttribute('aria-label', common[name]);
    if (element) element.tabIndex = 0;
  }
}

/** Adds the accessibility and safety that Taro's elements lack in a browser. */
export const preparePlatform: PreparePlatform = () => {
  tolerateTranslation();
  document.addEventListener('click', blockScriptLinks, true);
  document.addEventListener('keydown', clickOnKeyPress);
  watchForMissingPages();
  labelNavigation();
  onLanguageChange(() => {
    document.documentElement.lang = currentLanguage();
    labelNavigation();
  });
  document.documentElement.lang = currentLanguage();
};

/** The BFF has the same origin as the page. */
export const apiOrigin = '';
