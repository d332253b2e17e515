import { useState } from 'react';
import { View } from '@tarojs/components';
import { carrierNames } from '@shared/carrier-status';
import type { Card, Order } from '@shared/contract';
import { statusTone } from '@client/lib/card-tone';
import { Copyable } from '@client/components/copyable';
import { QueryView } from '@client/components/query-view';
import { Fact, Panel, Section } from '@client/components/section';
import { SkeletonList } from '@client/components/skeleton';
import { StatusLabel } from '@client/components/status-label';
import { dateTimeToMinute, dateOf, volumeText } from '@client/lib/format';
import { useLanguage, useTexts } from '@client/i18n/language';
import { useSupportCard } from '../../queries';
import type { SupportCard } from '../../queries';
import { useStaffTexts } from '../../texts';
import { SupportOrderTimeline } from './order-detail';
import { OrderLine } from './order-line';

function CardState({ card }: { card: Card }) {
  const texts = useStaffTexts();
  const { card: words } = useTexts();
  const { carrierCode, carrierTexts, label, advice } = card.status;
  return (
    <>
      <Fact name={words.status}>
        <StatusLabel tone={statusTone(card.status)}>{label}</StatusLabel>
        <View className="fact-note">{advice}</View>
      </Fact>
      <Fact name={texts.carrierCode}>{[carrierCode, ...carrierTexts].join(' · ')}</Fact>
      <Fact name={words.realName}>{words.realNames[card.realName]}</Fact>
      <Fact name={texts.canBuy} note={card.blockedReason ?? undefined}>
        {card.canBuy ? texts.yes : texts.no}
      </Fact>
    </>
  );
}

function CardContents({ card }: { card: Card }) {
  const texts = useStaffTexts();
  const { card: words } = useTexts();
  const { usage, currentPackage } = card;
  return (
    <>
      <Fact name={texts.usage}>
        {usage ? texts.usageOf(volumeText(usage.usedMb), volumeText(usage.totalMb)) : '—'}
      </Fact>
      <Fact name={words.current}>
        {currentPackage ? `${currentPackage.name} · ${dateOf(currentPackage.until)}` : '—'}
      </Fact>
      <Fact name={words.queuedName}>{String(card.queuedPackages)}</Fact>
      <Fact name={words.expires}>{card.expiresAt === null ? '—' : dateOf(card.expiresAt)}</Fact>
    </>
  );
}

/** The card in our words. */
function NormalisedCard({ card }: { card: Card }) {
  const texts = useStaffTexts();
  const { card: words } = useTexts();
  const language = useLanguage();
  return (
    <Section title={texts.normalised}>
      <Panel>
        <Fact name={words.iccid} stacked>
          <Copyable id="desk-iccid" text={card.number} name={words.iccid} />
        </Fact>
        {card.accessNumber !== null && (
          <Fact name={words.accessNumber} stacked>
            <Copyable text={card.accessNumber} name={words.accessNumber} />
          </Fact>
        )}
        <Fact name={words.carrier}>{carrierNames[card.carrier][language]}</Fact>
        <Fact name={texts.platform}>{card.platform}</Fact>
        <CardState card={card} />
        <CardContents card={card} />
      </Panel>
    </Section>
  );
}

/** What the platform said, letter for letter. */
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

/** The card's orders; the one that is pressed shows its timeline. */
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

/** A card: our words and the platform's side by side, and its orders. */
export function CardDetail({ cardId }: { cardId: string }) {
  const query = useSupportCard(cardId);
  return (
    <QueryView query={query} skeleton={<SkeletonList rows={4} height="96px" />}>
      {({ card, raw, orders }) => (
        <View>
          <View className="desk-columns">
            <NormalisedCard card={card} />
            <RawAnswers raw={raw} />
          </View>
          <CardOrders orders={orders} />
        </View>
      )}
    </QueryView>
  );
}
