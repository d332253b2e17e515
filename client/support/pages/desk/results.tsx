import { useEffect } from 'react';
import { View } from '@tarojs/components';
import type { Card, Order } from '@shared/contract';
import { statusTone } from '@client/card-tone';
import { Price } from '@client/components/figures';
import { Notice } from '@client/components/notice';
import { Pressable } from '@client/components/pressable';
import { QueryView } from '@client/components/query-view';
import { Section } from '@client/components/section';
import { SkeletonList } from '@client/components/skeleton';
import { StatusWord } from '@client/components/status-word';
import { dateAndTime, inFours } from '@client/format';
import { orderTone } from '@client/order-tone';
import { useSearch } from '../../queries';
import type { Found } from '../../queries';
import { useStaffTexts } from '../../texts';
import type { Selection } from './desk';

interface ResultsProps {
  query: string;
  selection: Selection | undefined;
  onSelect(selection: Selection): void;
}

function rowClass(selected: boolean): string {
  return selected ? 'desk-row desk-row-selected' : 'desk-row';
}

function CardRow({ card, selected, onPress }: { card: Card; selected: boolean; onPress(): void }) {
  return (
    <Pressable id={`desk-card-${card.id}`} className={rowClass(selected)} onPress={onPress}>
      <View className="desk-row-number">{inFours(card.iccid)}</View>
      <StatusWord tone={statusTone(card.status)}>{card.status.label}</StatusWord>
    </Pressable>
  );
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
        <View className="fact-note">{dateAndTime(order.createdAt)}</View>
      </View>
      <View className="desk-row-end">
        <Price amountFen={order.amountFen} />
        <StatusWord tone={orderTone(order.state)}>{order.stateLabel}</StatusWord>
      </View>
    </Pressable>
  );
}

function List({ found, selection, onSelect }: Omit<ResultsProps, 'query'> & { found: Found }) {
  const texts = useStaffTexts();
  const { cards, orders } = found;
  if (cards.length + orders.length === 0) {
    return <Notice kind="empty" title={texts.nothing} detail={texts.nothingHint} />;
  }
  return (
    <>
      {cards.length > 0 && (
        <Section title={texts.cards}>
          <View className="panel">
            {cards.map((card) => (
              <CardRow
                key={card.id}
                card={card}
                selected={selection?.id === card.id}
                onPress={() => onSelect({ kind: 'card', id: card.id })}
              />
            ))}
          </View>
        </Section>
      )}
      {orders.length > 0 && (
        <Section title={texts.orders}>
          <View className="panel">
            {orders.map((order) => (
              <OrderLine
                key={order.id}
                order={order}
                selected={selection?.id === order.id}
                onPress={() => onSelect({ kind: 'order', id: order.id })}
              />
            ))}
          </View>
        </Section>
      )}
    </>
  );
}

/** The one thing a search found, if it is one. */
function onlyFound(found: Found | undefined): Selection | undefined {
  const all: Selection[] = [
    ...(found?.cards ?? []).map(({ id }) => ({ kind: 'card' as const, id })),
    ...(found?.orders ?? []).map(({ id }) => ({ kind: 'order' as const, id })),
  ];
  return all.length === 1 ? all[0] : undefined;
}

/** The cards and orders a number leads to. A single one is opened at once. */
export function Results({ query, selection, onSelect }: ResultsProps) {
  const found = useSearch(query);
  const { data } = found;
  useEffect(() => {
    const only = onlyFound(data);
    if (only) onSelect(only);
  }, [data, onSelect]);
  return (
    <QueryView query={found} skeleton={<SkeletonList rows={3} height="64px" />}>
      {(known) => <List found={known} selection={selection} onSelect={onSelect} />}
    </QueryView>
  );
}
