import { View } from '@tarojs/components';
import type { CardPart } from '@shared/card-parts';
import type { Card } from '@shared/contract';
import { Fact, Panel, Section } from '@client/components/section';
import { dateOf, groupByFours, formatMasked, packageVolumeText } from '@client/lib/format';
import { isUnread } from '@client/lib/unreadable';
import { useTexts } from '@client/i18n/language';

type CurrentPackage = NonNullable<Card['currentPackage']>;

function CurrentPackageFact({ pack }: { pack: CurrentPackage }) {
  const texts = useTexts();
  const volume = packageVolumeText(pack.dataMb, texts);
  const until =
    pack.until === null ? texts.card.untilUnstated : texts.card.until(dateOf(pack.until));
  return (
    <>
      <View>{pack.name}</View>
      <View className="fact-note">{`${volume} · ${until}`}</View>
    </>
  );
}

/** The details of a card besides its usage. */
export function CardFacts({ card }: { card: Card }) {
  const { card: texts } = useTexts();
  const unreadOr = (part: CardPart, text: string) => (isUnread(card, part) ? texts.unread : text);
  return (
    <Section>
      <Panel>
        <Fact name={texts.current}>
          {card.currentPackage ? (
            <CurrentPackageFact pack={card.currentPackage} />
          ) : (
            unreadOr('packages', texts.noCurrent)
          )}
        </Fact>
        {card.queuedPackages > 0 && (
          <Fact name={texts.queuedName}>{texts.queued(card.queuedPackages)}</Fact>
        )}
        <Fact name={texts.expires}>
          {card.expiresAt === null ? unreadOr('expiry', texts.noExpiry) : dateOf(card.expiresAt)}
        </Fact>
        <Fact name={texts.realName}>{unreadOr('realName', texts.realNames[card.realName])}</Fact>
        <Fact name={texts.iccid}>{groupByFours(card.number)}</Fact>
        {card.accessNumber !== null && (
          <Fact name={texts.accessNumber} note={texts.accessNumberHelp}>
            {formatMasked(card.accessNumber)}
          </Fact>
        )}
      </Panel>
    </Section>
  );
}
