import { View } from '@tarojs/components';
import type { Order } from '@shared/contract';
import { Price } from '@client/components/figures';
import { Pressable } from '@client/components/pressable';
import { StatusLabel } from '@client/components/status-label';
import { dateTimeToMinute, lastFour, packageVolumeText } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';
import { openOrder, openPackages } from '@client/lib/navigation';
import { orderTone } from '@client/lib/order-tone';

/** The action that the list offers for an order, if any. */
function useNextStep(order: Order): { label: string; run(): void } | undefined {
  const { orders } = useTexts();
  if (order.actions.includes('pay')) return { label: orders.pay, run: () => openOrder(order.id) };
  if (!order.actions.includes('buyAgain')) return undefined;
  return { label: orders.again, run: () => openPackages(order.card.id, order.package.id) };
}

/** An order in the list. */
export function OrderRow({ order }: { order: Order }) {
  const texts = useTexts();
  const next = useNextStep(order);
  return (
    <View className="order-row">
      <Pressable
        id={`order-item-${order.id}`}
        className="order-row-main"
        onPress={() => openOrder(order.id)}
      >
        <View className="order-row-line">
          <View className="order-row-name">{order.package.name}</View>
          <Price amountFen={order.amountFen} />
        </View>
        <View className="order-row-detail">
          {`${packageVolumeText(order.package.dataMb, texts)} · ${texts.card.lastFour(lastFour(order.card.number))}`}
        </View>
        <View className="order-row-detail">{dateTimeToMinute(order.createdAt).slice(5)}</View>
      </Pressable>
      <View className="order-row-line order-row-foot">
        <StatusLabel tone={orderTone(order.state)}>{order.stateLabel}</StatusLabel>
        {next && (
          <Pressable className="order-row-next" onPress={next.run}>
            {next.label}
          </Pressable>
        )}
      </View>
    </View>
  );
}
