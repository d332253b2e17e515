import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { Fact, Panel, Section } from '@client/components/section';
import { dateOf, groupByFours, formatMasked, volumeText } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';

type CurrentPackage = NonNullable<Card['currentPackage']>;

function CurrentPackageFact({ pack }: { pack: CurrentPackage }) {
  const { card: texts } = useTexts();
  return (
    <>
      <View>{pack.name}</View>
      <View className="fact-note">
        {`${volumeText(pack.dataMb)} · ${texts.until(dateOf(pack.until))}`}
      </View>
    </>
  );
}

/** The details of a card besides its usage. */
export function CardFacts({ card }: { card: Card }) {
  const { card: texts } = useTexts();
  return (
    <Section>
      <Panel>
        <Fact name={texts.current}>
          {card.currentPackage ? (
            <CurrentPackageFact pack={card.currentPackage} />
          ) : (
            texts.noCurrent
          )}
        </Fact>
        {card.queuedPackages > 0 && (
          <Fact name={texts.queuedName}>{texts.queued(card.queuedPackages)}</Fact>
        )}
        <Fact name={texts.expires}>
          {card.expiresAt === null ? texts.noExpiry : dateOf(card.expiresAt)}
        </Fact>
        <Fact name={texts.realName}>{texts.realNames[card.realName]}</Fact>
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
