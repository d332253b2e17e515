import { View } from '@tarojs/components';
import type { Order } from '@shared/contract';
import { Copyable } from '@client/components/copyable';
import { Price } from '@client/components/figures';
import { Fact, Panel, Section } from '@client/components/section';
import {
  dateTimeToMinute,
  groupByFours,
  packageVolumeText,
  validityText,
} from '@client/lib/format';
import { useTexts } from '@client/i18n/language';

/** Package, card, start and amount of an order. */
function PackageFacts({ order }: { order: Order }) {
  const all = useTexts();
  const { order: texts, packages } = all;
  return (
    <Panel>
      <Fact name={texts.package}>
        <View>{order.package.name}</View>
        <View className="fact-note">{packageVolumeText(order.package.dataMb, all)}</View>
      </Fact>
      <Fact name={texts.card}>{groupByFours(order.card.number)}</Fact>
      <Fact name={texts.effective}>
        <View>{packages[order.effective]}</View>
        <View className="fact-note">{validityText(order, all)}</View>
      </Fact>
      <Fact name={texts.amount}>
        <Price amountFen={order.amountFen} />
      </Fact>
    </Panel>
  );
}

/** The numbers and times of an order, which support may ask for. */
function OrderRecords({ order }: { order: Order }) {
  const { order: texts } = useTexts();
  return (
    <Panel>
      <Fact name={texts.number} stacked>
        <Copyable id="order-number" text={order.number} name={texts.number} />
      </Fact>
      {order.transactionId !== null && (
        <Fact name={texts.transaction} stacked>
          <Copyable text={order.transactionId} name={texts.transaction} />
        </Fact>
      )}
      <Fact name={texts.createdAt}>{dateTimeToMinute(order.createdAt)}</Fact>
      {order.paidAt !== null && <Fact name={texts.paidAt}>{dateTimeToMinute(order.paidAt)}</Fact>}
      {order.deliveredAt !== null && (
        <Fact name={texts.deliveredAt}>{dateTimeToMinute(order.deliveredAt)}</Fact>
      )}
    </Panel>
  );
}

/** The details of an order. */
export function OrderFacts({ order }: { order: Order }) {
  return (
    <>
      <Section>
        <PackageFacts order={order} />
      </Section>
      <Section>
        <OrderRecords order={order} />
      </Section>
    </>
  );
}
