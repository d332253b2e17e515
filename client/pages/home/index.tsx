import { useEffect, useRef, useState } from 'react';
import { useDidShow } from '@tarojs/taro';
import { View } from '@tarojs/components';
import { CardTile } from '@client/components/card-tile';
import { guardedPage } from '@client/components/error-boundary';
import { Page } from '@client/components/page';
import { QueryView } from '@client/components/query-view';
import { Sheet } from '@client/components/sheet';
import { SkeletonList } from '@client/components/skeleton';
import { usePageParams } from '@client/hooks/use-page-params';
import { useTexts } from '@client/i18n/language';
import { openCard } from '@client/lib/navigation';
import { runInBackground } from '@client/lib/rejections';
import { useWallet } from '@client/state/cards';
import { MyCards, RecentLookUps } from './card-lists';
import { readLaunchTarget } from './launch-target';
import { SearchBox } from './search-box';
import { useCardSearch } from './use-card-search';
import './index.scss';

/**
 * Opens the card that the app was launched for. Other requests wait until then, so that a launch needs only
 * one request until the card is shown.
 * @returns whether the rest of the page may load
 */
function useLaunchTarget(search: (number: string) => Promise<void>): boolean {
  const params = usePageParams();
  const [target] = useState(() => readLaunchTarget(params));
  const [isReady, setIsReady] = useState(target === undefined);
  const started = useRef(false);
  useEffect(() => {
    if (started.current || !target) return;
    started.current = true;
    if (target.kind === 'card') openCard(target.cardId);
    else runInBackground(search(target.number));
  }, [target, search]);
  useDidShow(() => {
    // The page is shown again after the card's page was closed.
    if (started.current) setIsReady(true);
  });
  return isReady;
}

/** Home: looks up a card by scanning or typing its number, and lists the cards of the wallet. */
function HomePage() {
  const texts = useTexts();
  const search = useCardSearch();
  const isReady = useLaunchTarget(search.search) || search.error !== undefined;
  const wallet = useWallet(isReady);
  useDidShow(() => {
    if (isReady && wallet.isStale) runInBackground(wallet.refetch());
  });
  return (
    <Page title={texts.titles.home} showDemoNotice>
      <SearchBox search={search} />
      <QueryView query={wallet} skeleton={<SkeletonList rows={2} height="88px" />}>
        {(cards) => (cards.length > 0 ? <MyCards cards={cards} /> : <RecentLookUps />)}
      </QueryView>
      <Sheet
        title={texts.home.chooseTitle}
        open={search.choices.length > 0}
        onClose={search.clearChoices}
      >
        <View className="card-list card-list-in-sheet">
          {search.choices.map((card) => (
            <CardTile key={card.id} card={card} onPress={() => search.choose(card)} />
          ))}
        </View>
      </Sheet>
    </Page>
  );
}

export default guardedPage(HomePage);
