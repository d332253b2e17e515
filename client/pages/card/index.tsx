import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { ActionButton } from '@client/components/action-button';
import { guardedPage } from '@client/components/error-boundary';
import { Page } from '@client/components/page';
import { QueryView } from '@client/components/query-view';
import { SkeletonBlock, SkeletonList } from '@client/components/skeleton';
import { useSnackbar } from '@client/components/snackbar';
import { usePageParams } from '@client/hooks/use-page-params';
import type { Dictionary } from '@client/i18n/dictionary';
import { useTexts } from '@client/i18n/language';
import { openPackages } from '@client/lib/navigation';
import { useCard } from '@client/state/cards';
import { CardActions } from './card-actions';
import { CardFacts } from './card-facts';
import { CardHead } from './card-head';
import { DeviceRow } from './device-row';
import { Remaining } from './remaining';
import { StatusPanel } from './status-panel';
import './index.scss';

/** Why nothing can be bought. Short if the page already shows the full reason as the status advice. */
function blockedText({ blockedReason, status }: Card, texts: Dictionary['card']): string | null {
  return blockedReason === status.advice ? texts.blocked(status.label) : blockedReason;
}

function TopUpBar({ card }: { card: Card }) {
  const { card: texts } = useTexts();
  const blocked = blockedText(card, texts);
  return (
    <View className="top-up">
      {blocked !== null && <View className="top-up-reason">{blocked}</View>}
      <ActionButton id="buy-button" disabled={!card.canBuy} onPress={() => openPackages(card.id)}>
        {texts.topUp}
      </ActionButton>
    </View>
  );
}

function CardSkeleton() {
  return (
    <View className="card-skeleton">
      <SkeletonBlock width="216px" height="216px" round />
      <SkeletonList rows={3} height="72px" />
    </View>
  );
}

/** A card: its remaining data, status, packages, device and actions. */
function CardPage() {
  const texts = useTexts();
  const { cardId = '' } = usePageParams();
  const query = useCard(cardId);
  const { snackbar, showMessage } = useSnackbar();
  return (
    <Page title={texts.titles.card} bar={query.data && <TopUpBar card={query.data} />}>
      <QueryView query={query} skeleton={<CardSkeleton />}>
        {(card) => (
          <>
            <CardHead card={card} />
            <Remaining card={card} />
            <StatusPanel card={card} />
            <CardFacts card={card} />
            <DeviceRow card={card} />
            <CardActions card={card} showMessage={showMessage} />
          </>
        )}
      </QueryView>
      {snackbar}
    </Page>
  );
}

export default guardedPage(CardPage);
