import { View } from '@tarojs/components';
import type { Order } from '@shared/contract';
import { OrderTimeline } from '@client/components/order-timeline';
import { guardedPage } from '@client/components/error-boundary';
import { Page } from '@client/components/page';
import { QueryView } from '@client/components/query-view';
import { SkeletonBlock, SkeletonList } from '@client/components/skeleton';
import { useTexts } from '@client/i18n/language';
import type { Phase } from '@client/purchase/progress';
import { DeliveredCard } from './delivered-card';
import { OrderSummary } from './order-summary';
import { ResultBar } from './result-bar';
import { ResultState } from './result-state';
import { useResult } from './use-result';
import './index.scss';

/** Whether the order was paid but not delivered; its events then explain the refund. */
function isPaidNotDelivered({ paidAt }: Order, phase: Phase): boolean {
  return paidAt !== null && phase === 'ended';
}

function ResultSkeleton() {
  return (
    <View className="result">
      <SkeletonBlock width="100%" height="160px" />
      <SkeletonList rows={3} height="48px" />
    </View>
  );
}

/** The progress of a purchase; it updates automatically. */
function ResultPage() {
  const texts = useTexts();
  const result = useResult();
  const order = result.query.data;
  return (
    <Page
      title={texts.titles.result}
      bar={order && <ResultBar order={order} phase={result.phaseFor(order)} result={result} />}
    >
      <QueryView query={result.query} skeleton={<ResultSkeleton />}>
        {(known) => (
          <View className="result">
            <ResultState order={known} phase={result.phaseFor(known)} result={result} />
            {known.state === 'delivered' && <DeliveredCard cardId={known.card.id} />}
            <OrderSummary order={known} />
            {isPaidNotDelivered(known, result.phaseFor(known)) && <OrderTimeline order={known} />}
          </View>
        )}
      </QueryView>
    </Page>
  );
}

export default guardedPage(ResultPage);
