import { View } from '@tarojs/components';
import type { Order } from '@shared/contract';
import { Copyable } from '@client/components/copyable';
import { Price } from '@client/components/figures';
import { QueryView } from '@client/components/query-view';
import { Fact, Panel, Section } from '@client/components/section';
import { SkeletonList } from '@client/components/skeleton';
import { StatusLabel } from '@client/components/status-label';
import { Timeline } from '@client/components/timeline';
import { dateTimeToMinute, groupByFours, packageVolumeText } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';
import { orderTone } from '@client/lib/order-tone';
import { useSupportOrder } from '../../queries';
import type { SupportOrder } from '../../queries';
import { useStaffTexts } from '../../texts';

function TimelineEvents({ timeline }: { timeline: SupportOrder['timeline'] }) {
  const { kinds } = useStaffTexts();
  const entries = timeline.map(({ at, kind, title, detail }) => ({
    at,
    title: `${kinds[kind]} · ${title}`,
    detail,
  }));
  return (
    <View id="desk-timeline">
      <Timeline entries={entries} showSeconds />
    </View>
  );
}

/** The complete timeline of an order. */
export function SupportOrderTimeline({ orderId }: { orderId: string }) {
  const query = useSupportOrder(orderId);
  return (
    <QueryView query={query} skeleton={<SkeletonList rows={2} height="64px" />}>
      {({ timeline }) => <TimelineEvents timeline={timeline} />}
    </QueryView>
  );
}

function OrderNumbers({ order, userId }: { order: Order; userId: string }) {
  const texts = useStaffTexts();
  const { order: orderTexts } = useTexts();
  return (
    <>
      <Fact name={orderTexts.number} stacked>
        <Copyable id="desk-order-number" text={order.number} name={orderTexts.number} />
      </Fact>
      {order.transactionId !== null && (
        <Fact name={orderTexts.transaction} stacked>
          <Copyable text={order.transactionId} name={orderTexts.transaction} />
        </Fact>
      )}
      <Fact name={texts.user}>{userId}</Fact>
    </>
  );
}

function SupportOrderFacts({ order, userId }: { order: Order; userId: string }) {
  const texts = useTexts();
  const { order: orderTexts, packages, card } = texts;
  return (
    <Panel>
      <Fact name={card.status}>
        <StatusLabel tone={orderTone(order.state)}>{order.stateLabel}</StatusLabel>
        <View className="fact-note">{order.stateAdvice}</View>
      </Fact>
      <OrderNumbers order={order} userId={userId} />
      <Fact name={orderTexts.card}>{groupByFours(order.card.number)}</Fact>
      <Fact name={orderTexts.package}>
        {`${order.package.name} · ${packageVolumeText(order.package.dataMb, texts)}`}
      </Fact>
      <Fact name={orderTexts.effective}>{packages[order.effective]}</Fact>
      <Fact name={orderTexts.amount}>
        <Price amountFen={order.amountFen} />
      </Fact>
      <Fact name={orderTexts.createdAt}>{dateTimeToMinute(order.createdAt)}</Fact>
    </Panel>
  );
}

/** An order with its whole timeline. */
export function OrderDetail({ orderId }: { orderId: string }) {
  const texts = useStaffTexts();
  const query = useSupportOrder(orderId);
  return (
    <QueryView query={query} skeleton={<SkeletonList rows={4} height="96px" />}>
      {({ order, userId, timeline }) => (
        <View className="desk-columns">
          <Section title={texts.orders}>
            <SupportOrderFacts order={order} userId={userId} />
          </Section>
          <Section title={texts.timeline}>
            <TimelineEvents timeline={timeline} />
          </Section>
        </View>
      )}
    </QueryView>
  );
}
