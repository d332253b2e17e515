import Taro, { useDidShow, usePullDownRefresh, useReachBottom } from '@tarojs/taro';
import { View } from '@tarojs/components';
import type { ApiResponse } from '@shared/contract';
import { ActionButton } from '@client/components/action-button';
import { Notice } from '@client/components/notice';
import { guardedPage } from '@client/components/error-boundary';
import { Page } from '@client/components/page';
import { Pressable } from '@client/components/pressable';
import { QueryView } from '@client/components/query-view';
import { Section } from '@client/components/section';
import { SkeletonList } from '@client/components/skeleton';
import { useTexts } from '@client/i18n/language';
import { openHome } from '@client/lib/navigation';
import { runInBackground } from '@client/lib/rejections';
import { useOrders } from '@client/state/orders';
import { groupByMonth } from './group-by-month';
import { OrderRow } from './order-row';
import './index.scss';

type OrderPages = readonly ApiResponse<'GET /orders'>[];

function NoOrders() {
  const { orders } = useTexts();
  return (
    <Notice kind="empty" title={orders.empty} detail={orders.emptyHint}>
      <ActionButton onPress={openHome}>{orders.toHome}</ActionButton>
    </Notice>
  );
}

function OrderList({ pages }: { pages: OrderPages }) {
  const texts = useTexts();
  const months = groupByMonth(pages.flatMap(({ items }) => items));
  if (months.length === 0) return <NoOrders />;
  return months.map(({ year, month, orders }) => (
    <Section key={`${year}-${month}`} title={texts.orders.month(year, month)}>
      <View className="panel">
        {orders.map((order) => (
          <OrderRow key={order.id} order={order} />
        ))}
      </View>
    </Section>
  ));
}

/** The customer's orders, newest first, by month. */
function OrdersPage() {
  const texts = useTexts();
  const query = useOrders();
  const loadMore = (): void => {
    if (query.hasNextPage && !query.isFetchingNextPage) runInBackground(query.fetchNextPage());
  };
  useReachBottom(loadMore);
  usePullDownRefresh(() => {
    runInBackground(query.refetch().finally(() => Taro.stopPullDownRefresh()));
  });
  useDidShow(() => {
    if (query.isStale) runInBackground(query.refetch());
  });
  return (
    <Page title={texts.titles.orders}>
      <QueryView query={query} skeleton={<SkeletonList rows={4} height="120px" />}>
        {({ pages }) => <OrderList pages={pages} />}
      </QueryView>
      {query.hasNextPage && (
        <Pressable className="orders-more" onPress={loadMore}>
          {query.isFetchingNextPage ? texts.common.loading : texts.common.more}
        </Pressable>
      )}
    </Page>
  );
}

export default guardedPage(OrdersPage);
