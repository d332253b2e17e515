import { View } from '@tarojs/components';
import type { Order } from '@shared/contract';
import { Copyable } from '@client/components/copyable';
import { Price } from '@client/components/figures';
import { QueryView } from '@client/components/query-view';
import { Fact, Panel, Section } from '@client/components/section';
import { SkeletonList } from '@client/components/skeleton';
import { StatusLabel } from '@client/components/status-label';
import { Timeline } from '@client/components/timeline';
import { dateTimeToMinute, groupByFours, volumeText } from '@client/lib/format';
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

/** Everything that happened to an order. */
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
  const { order: words } = useTexts();
  return (
    <>
      <Fact name={words.number} stacked>
        <Copyable id="desk-order-number" text={order.number} name={words.number} />
      </Fact>
      {order.transactionId !== null && (
        <Fact name={words.transaction} stacked>
          <Copyable text={order.transactionId} name={words.transaction} />
        </Fact>
      )}
      <Fact name={texts.user}>{userId}</Fact>
    </>
  );
}

function SupportOrderFacts({ order, userId }: { order: Order; userId: string }) {
  const { order: words, packages } = useTexts();
  return (
    <Panel>
      <Fact name={words.timeline}>
        <StatusLabel tone={orderTone(order.state)}>{order.stateLabel}</StatusLabel>
        <View className="fact-note">{order.stateAdvice}</View>
      </Fact>
      <OrderNumbers order={order} userId={userId} />
      <Fact name={words.card}>{groupByFours(order.card.number)}</Fact>
      <Fact name={words.package}>
        {`${order.package.name} · ${volumeText(order.package.dataMb)}`}
      </Fact>
      <Fact name={words.effective}>{packages[order.effective]}</Fact>
      <Fact name={words.amount}>
        <Price amountFen={order.amountFen} />
      </Fact>
      <Fact name={words.createdAt}>{dateTimeToMinute(order.createdAt)}</Fact>
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
