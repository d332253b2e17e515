import { useEffect, useRef, useState } from 'react';
import { useDidShow } from '@tarojs/taro';
import { View } from '@tarojs/components';
import { CardTile } from '@client/components/card-tile';
import { Page } from '@client/components/page';
import { QueryView } from '@client/components/query-view';
import { Sheet } from '@client/components/sheet';
import { SkeletonList } from '@client/components/skeleton';
import { usePageParams } from '@client/hooks/use-page-params';
import { useTexts } from '@client/i18n/language';
import { openCard } from '@client/lib/navigation';
import { useWallet } from '@client/state/cards';
import { MyCards, RecentLookUps } from './card-lists';
import { readLaunchTarget } from './launch-target';
import { SearchBox } from './search-box';
import { useCardSearch } from './use-card-search';
import './index.scss';

/**
 * Goes straight to the card the app was opened for. Until then nothing else is asked for, so that one
 * request is all there is between opening and the card.
 * @returns whether the way is free for the rest of the page
 */
function useLaunchTarget(search: (number: string) => Promise<void>): boolean {
  const params = usePageParams();
  const [opening] = useState(() => readLaunchTarget(params));
  const [isReady, setIsReady] = useState(opening === undefined);
  const started = useRef(false);
  useEffect(() => {
    if (started.current || !opening) return;
    started.current = true;
    if (opening.kind === 'card') openCard(opening.cardId);
    else void search(opening.number);
  }, [opening, search]);
  useDidShow(() => {
    // Shown again, the card has been seen.
    if (started.current) setIsReady(true);
  });
  return isReady;
}

/** Home: scan or type a number, and my cards. */
export default function HomePage() {
  const texts = useTexts();
  const search = useCardSearch();
  const isReady = useLaunchTarget(search.search) || search.error !== undefined;
  const wallet = useWallet(isReady);
  useDidShow(() => {
    if (isReady && wallet.isStale) void wallet.refetch();
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
