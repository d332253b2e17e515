import { View } from '@tarojs/components';
import { Section } from '@client/components/section';
import { labelledProps } from '@client/components/accessibility';
import { useTexts } from '@client/i18n/language';

/** A drawing of the back of a card: chip, barcode and number. */
function CardBack({ label }: { label: string }) {
  return (
    <View className="card-back" {...labelledProps('img', label)}>
      <View className="card-back-chip" />
      <View className="card-back-code" />
      <View className="card-back-number">89860 4D8 2193 6715 04F</View>
    </View>
  );
}

/** The introduction for first-time users: a picture and three steps. */
export function FirstVisit() {
  const { home } = useTexts();
  return (
    <Section title={home.firstVisit}>
      <CardBack label={home.picture} />
      {home.howTo.map((line, index) => (
        <View key={line} className="how-to">
          <View className="how-to-number">{index + 1}</View>
          <View>{line}</View>
        </View>
      ))}
    </Section>
  );
}
