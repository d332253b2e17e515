import { useEffect } from 'react';
import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { statusTone } from '@client/lib/card-tone';
import { InlineError } from '@client/components/inline-error';
import { Notice } from '@client/components/notice';
import { Pressable } from '@client/components/pressable';
import { QueryView } from '@client/components/query-view';
import { Section } from '@client/components/section';
import { SkeletonList } from '@client/components/skeleton';
import { StatusLabel } from '@client/components/status-label';
import { groupByFours } from '@client/lib/format';
import { useSearch } from '../../queries';
import type { SearchResults } from '../../queries';
import { useStaffTexts } from '../../texts';
import { OrderLine, rowClass } from './order-line';
import type { Selection } from './selection';

interface ResultsProps {
  query: string;
  selection: Selection | undefined;
  onSelect(selection: Selection): void;
}

function CardRow({ card, selected, onPress }: { card: Card; selected: boolean; onPress(): void }) {
  return (
    <Pressable id={`desk-card-${card.id}`} className={rowClass(selected)} onPress={onPress}>
      <View className="desk-row-number">{groupByFours(card.number)}</View>
      <StatusLabel tone={statusTone(card.status)}>{card.status.label}</StatusLabel>
    </Pressable>
  );
}

function ResultList({
  found,
  selection,
  onSelect,
}: Omit<ResultsProps, 'query'> & { found: SearchResults }) {
  const texts = useStaffTexts();
  const { cards, orders, unanswered } = found;
  if (cards.length + orders.length === 0 && unanswered?.length === 0) {
    return <Notice kind="empty" title={texts.nothing} detail={texts.nothingHint} />;
  }
  return (
    <>
      {unanswered?.length !== 0 && (
        <InlineError id="desk-unanswered">
          {texts.unanswered(unanswered?.join(', ') ?? texts.platform)}
        </InlineError>
      )}
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

/** The result to open directly: the order with exactly this number, or else the only card. */
function exactMatch(found: SearchResults, query: string): Selection | undefined {
  const order = found.orders.find(
    ({ number, transactionId }) => number === query || transactionId === query,
  );
  if (order) return { kind: 'order', id: order.id };
  const [card, another] = found.cards;
  return card && !another ? { kind: 'card', id: card.id } : undefined;
}

/** The cards and orders found for a number. An exact match is opened directly. */
export function Results({ query, selection, onSelect }: ResultsProps) {
  const found = useSearch(query);
  const { data } = found;
  useEffect(() => {
    const match = data && exactMatch(data, query);
    if (match) onSelect(match);
  }, [data, query, onSelect]);
  return (
    <QueryView query={found} skeleton={<SkeletonList rows={3} height="64px" />}>
      {(known) => <ResultList found={known} selection={selection} onSelect={onSelect} />}
    </QueryView>
  );
}
