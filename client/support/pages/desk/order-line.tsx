import { View } from '@tarojs/components';
import type { Order } from '@shared/contract';
import { Price } from '@client/components/figures';
import { Pressable } from '@client/components/pressable';
import { StatusLabel } from '@client/components/status-label';
import { dateTimeToMinute } from '@client/lib/format';
import { orderTone } from '@client/lib/order-tone';

/** The class of a row in the desk's lists. */
export function rowClass(selected: boolean): string {
  return selected ? 'desk-row desk-row-selected' : 'desk-row';
}

/** An order in a list of the desk. */
export function OrderLine({
  order,
  selected,
  onPress,
}: {
  order: Order;
  selected: boolean;
  onPress(): void;
}) {
  return (
    <Pressable id={`desk-order-${order.id}`} className={rowClass(selected)} onPress={onPress}>
      <View>
        <View className="desk-row-number">{order.number}</View>
        <View className="fact-note">{dateTimeToMinute(order.createdAt)}</View>
      </View>
      <View className="desk-row-end">
        <Price amountFen={order.amountFen} />
        <StatusLabel tone={orderTone(order.state)}>{order.stateLabel}</StatusLabel>
      </View>
    </Pressable>
  );
}
