import { View } from '@tarojs/components';
import type { Order } from '@shared/contract';
import { ActionButton } from '@client/components/action-button';
import { useErrorText } from '@client/components/error-notice';
import { OrderTimeline } from '@client/components/order-timeline';
import { guardedPage } from '@client/components/error-boundary';
import { Notice } from '@client/components/notice';
import { Page } from '@client/components/page';
import { QueryView } from '@client/components/query-view';
import { SkeletonList } from '@client/components/skeleton';
import { StatusLabel } from '@client/components/status-label';
import { useNow } from '@client/hooks/use-now';
import { useVisible } from '@client/hooks/use-visible';
import { usePageParams } from '@client/hooks/use-page-params';
import { useTexts } from '@client/i18n/language';
import { shortDateTime } from '@client/lib/format';
import { openHome, openOrders } from '@client/lib/navigation';
import { orderTone } from '@client/lib/order-tone';
import { nextPollDelay } from '@client/purchase/progress';
import { usePayOrder } from '@client/purchase/use-purchase';
import { useOrder, useOrderByNumber } from '@client/state/orders';
import { OrderBar, hasOrderBar } from './order-bar';
import { OrderFacts } from './order-facts';
import './index.scss';

function OrderHead({ order, error }: { order: Order; error: Error | null }) {
  const { order: texts } = useTexts();
  const now = useNow();
  const errorText = useErrorText();
  return (
    <View className="order-head">
      <StatusLabel id="order-state" tone={orderTone(order.state)}>
        {order.stateLabel}
      </StatusLabel>
      <View className="order-head-advice">{order.stateAdvice}</View>
      {order.asOf !== undefined && (
        <View id="order-as-of" className="order-head-as-of">
          {texts.asOf(shortDateTime(order.asOf, now))}
        </View>
      )}
      {error && order.actions.includes('pay') && (
        <View className="order-head-error">{errorText(error).title}</View>
      )}
    </View>
  );
}

/** Shown if the page was opened without an order. */
function NoOrder() {
  const { titles, order, me, common } = useTexts();
  return (
    <Page title={titles.order}>
      <Notice kind="empty" title={order.missing.title} detail={order.missing.detail}>
        <ActionButton id="order-list" onPress={openOrders}>
          {me.orders}
        </ActionButton>
        <ActionButton id="order-home" kind="secondary" onPress={openHome}>
          {common.home}
        </ActionButton>
      </Notice>
    </Page>
  );
}

/** An order: its state, details, events and actions. */
function OrderPage() {
  const texts = useTexts();
  const params = usePageParams();
  // WeChat opens the page with the merchant's number: `number` as we ask it to, `merchant_trade_no` by itself
  // (小程序发货信息管理服务, 设置消息跳转路径).
  const number = params.orderId ? '' : (params.number ?? params.merchant_trade_no ?? '');
  const found = useOrderByNumber(number);
  const orderId = params.orderId ?? found.data?.id ?? '';
  const visible = useVisible();
  const payment = usePayOrder();
  const followed = useOrder(orderId, (order) => visible && nextPollDelay(order, 'unknown', 0));
  const query = orderId === '' ? found : followed;
  const order = query.data;
  if (orderId === '' && number === '') return <NoOrder />;
  return (
    <Page
      title={texts.titles.order}
      bar={order && hasOrderBar(order) && <OrderBar order={order} payment={payment} />}
    >
      <QueryView query={query} skeleton={<SkeletonList rows={3} height="120px" />}>
        {(known) => (
          <>
            <OrderHead order={known} error={payment.error} />
            <OrderFacts order={known} />
            <OrderTimeline order={known} />
          </>
        )}
      </QueryView>
    </Page>
  );
}

export default guardedPage(OrderPage);
