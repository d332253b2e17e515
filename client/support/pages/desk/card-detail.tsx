import { useState } from 'react';
import { View } from '@tarojs/components';
import { carrierNames } from '@shared/carrier-status';
import type { CardPart } from '@shared/card-parts';
import type { Card, Order } from '@shared/contract';
import { statusTone } from '@client/lib/card-tone';
import { Copyable } from '@client/components/copyable';
import { QueryView } from '@client/components/query-view';
import { Fact, Panel, Section } from '@client/components/section';
import { SkeletonList } from '@client/components/skeleton';
import { StatusLabel } from '@client/components/status-label';
import { dateTimeToMinute, dateOf, volumeText } from '@client/lib/format';
import { isUnread, unreadableText } from '@client/lib/unreadable';
import { useNow } from '@client/hooks/use-now';
import { useLanguage, useTexts } from '@client/i18n/language';
import { useSupportCard } from '../../queries';
import type { SupportCard } from '../../queries';
import { useStaffTexts } from '../../texts';
import { SupportOrderTimeline } from './order-detail';
import { OrderLine } from './order-line';

function CardState({ card }: { card: Card }) {
  const texts = useStaffTexts();
  const { card: cardTexts } = useTexts();
  const { carrierCode, carrierTexts, label, advice } = card.status;
  return (
    <>
      <Fact name={cardTexts.status}>
        <StatusLabel tone={statusTone(card.status)}>{label}</StatusLabel>
        <View className="fact-note">{advice}</View>
      </Fact>
      <Fact name={texts.carrierCode}>
        {carrierCode === '' ? '—' : [carrierCode, ...carrierTexts].join(' · ')}
      </Fact>
      <Fact name={cardTexts.realName}>{cardTexts.realNames[card.realName]}</Fact>
      <Fact name={texts.canBuy} note={card.blockedReason ?? undefined}>
        {card.canBuy ? texts.yes : texts.no}
      </Fact>
    </>
  );
}

function CardContents({ card }: { card: Card }) {
  const texts = useStaffTexts();
  const { card: cardTexts } = useTexts();
  const unreadable = unreadableText(card, cardTexts, useNow());
  const { usage, currentPackage } = card;
  const valueOf = (part: CardPart, text: string | undefined) =>
    text ?? (isUnread(card, part) ? cardTexts.unread : '—');
  const current = currentPackage && [
    currentPackage.name,
    currentPackage.until === null ? cardTexts.untilUnstated : dateOf(currentPackage.until),
  ];
  return (
    <>
      <Fact name={texts.usage}>
        {valueOf(
          'usage',
          usage
            ? texts.usageOf(
                volumeText(usage.usedMb, 'nearest'),
                volumeText(usage.totalMb, 'nearest'),
              )
            : undefined,
        )}
      </Fact>
      <Fact name={cardTexts.current}>{valueOf('packages', current?.join(' · '))}</Fact>
      <Fact name={cardTexts.queuedName}>{String(card.queuedPackages)}</Fact>
      <Fact name={cardTexts.expires}>
        {valueOf('expiry', card.expiresAt === null ? undefined : dateOf(card.expiresAt))}
      </Fact>
      {unreadable !== undefined && <Fact name={texts.unreadable}>{unreadable}</Fact>}
    </>
  );
}

/** The card's data in our format. */
function CardInfo({ card }: { card: Card }) {
  const texts = useStaffTexts();
  const { card: cardTexts } = useTexts();
  const language = useLanguage();
  return (
    <Section title={texts.cardInfo}>
      <Panel>
        <Fact name={cardTexts.iccid} stacked>
          <Copyable id="desk-iccid" text={card.number} name={cardTexts.iccid} />
        </Fact>
        {card.accessNumber !== null && (
          <Fact name={cardTexts.accessNumber} stacked>
            <Copyable text={card.accessNumber} name={cardTexts.accessNumber} />
          </Fact>
        )}
        <Fact name={cardTexts.carrier}>{carrierNames[card.carrier][language]}</Fact>
        <Fact name={texts.platform}>{card.platform}</Fact>
        <CardState card={card} />
        <CardContents card={card} />
      </Panel>
    </Section>
  );
}

/** The platform's raw responses. */
function RawAnswers({ raw }: { raw: SupportCard['raw'] }) {
  const texts = useStaffTexts();
  return (
    <Section title={texts.raw}>
      {raw.length === 0 && <View className="desk-empty">{texts.noRaw}</View>}
      {raw.map(({ operation, fetchedAt, answer }) => (
        <View key={operation} className="desk-raw">
          <View className="desk-raw-head">
            <View className="desk-raw-operation">{operation}</View>
            <View className="fact-note">{texts.rawAt(dateTimeToMinute(fetchedAt))}</View>
          </View>
          <View className="desk-raw-answer">{JSON.stringify(answer, undefined, 2)}</View>
        </View>
      ))}
    </Section>
  );
}

/** The card's orders; pressing one shows its timeline. */
function CardOrders({ orders }: { orders: readonly Order[] }) {
  const texts = useStaffTexts();
  const [opened, setOpened] = useState<string>();
  return (
    <Section title={texts.cardOrders}>
      {orders.length === 0 && <View className="desk-empty">{texts.noOrders}</View>}
      {orders.map((order) => (
        <View key={order.id} className="desk-card-order">
          <OrderLine
            order={order}
            selected={false}
            onPress={() => setOpened(opened === order.id ? undefined : order.id)}
          />
          {opened === order.id && <SupportOrderTimeline orderId={order.id} />}
        </View>
      ))}
    </Section>
  );
}

/** A card: its data in our format next to the platform's raw responses, and its orders. */
export function CardDetail({ cardId }: { cardId: string }) {
  const query = useSupportCard(cardId);
  return (
    <QueryView query={query} skeleton={<SkeletonList rows={4} height="96px" />}>
      {({ card, raw, orders }) => (
        <View>
          <View className="desk-columns">
            <CardInfo card={card} />
            <RawAnswers raw={raw} />
          </View>
          <CardOrders orders={orders} />
        </View>
      )}
    </QueryView>
  );
}
