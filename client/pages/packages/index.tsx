import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { Notice } from '@client/components/notice';
import { guardedPage } from '@client/components/error-boundary';
import { Page } from '@client/components/page';
import { QueryView } from '@client/components/query-view';
import { labelledProps } from '@client/components/accessibility';
import { SkeletonBlock } from '@client/components/skeleton';
import { usePageParams } from '@client/hooks/use-page-params';
import { cardName } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';
import { useCard, usePackages } from '@client/state/cards';
import { CatalogueView } from './catalogue-view';
import type { Catalogue } from './choice';
import './index.scss';

function isEmpty({ categories }: Catalogue): boolean {
  return categories.every(({ packages }) => packages.length === 0);
}

function PackageOffer({
  card,
  catalogue,
  chosen,
}: {
  card: Card;
  catalogue: Catalogue;
  chosen: string | undefined;
}) {
  const { packages } = useTexts();
  if (isEmpty(catalogue)) {
    return <Notice kind="empty" title={packages.none} detail={packages.noneHint} />;
  }
  return <CatalogueView card={card} catalogue={catalogue} initialPackageId={chosen} />;
}

/** The skeleton of tabs and of tiles in two columns. */
function CatalogueSkeleton() {
  const { common } = useTexts();
  return (
    <View {...labelledProps('status', common.loading)}>
      <View className="catalogue-skeleton-tabs">
        <SkeletonBlock width="100%" height="28px" />
      </View>
      <View className="tiles">
        {['a', 'b', 'c', 'd', 'e', 'f'].map((tile) => (
          <SkeletonBlock key={tile} width="100%" height="116px" />
        ))}
      </View>
    </View>
  );
}

/** The packages that can be bought for a card. */
function PackagesPage() {
  const texts = useTexts();
  const { cardId = '', packageId } = usePageParams();
  const card = useCard(cardId);
  const packages = usePackages(cardId);
  const title = card.data
    ? texts.packages.forCard(cardName(card.data, texts))
    : texts.titles.packages;
  const skeleton = <CatalogueSkeleton />;
  return (
    <Page title={title}>
      <QueryView query={card} skeleton={skeleton}>
        {(known) => (
          <QueryView query={packages} skeleton={skeleton}>
            {(catalogue) => <PackageOffer card={known} catalogue={catalogue} chosen={packageId} />}
          </QueryView>
        )}
      </QueryView>
    </Page>
  );
}

export default guardedPage(PackagesPage);
