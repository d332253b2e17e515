import { View } from '@tarojs/components';
import type { Card } from '@shared/contract';
import { Pressable } from '@client/components/pressable';
import { Panel, Section } from '@client/components/section';
import { lastFour } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';
import { openDevice } from '@client/lib/navigation';

/** The way to the device the card is in, or to say which it is; nothing in a shop without devices. */
export function DeviceRow({ card }: { card: Card }) {
  const { card: texts } = useTexts();
  if (!card.canTieDevice) return null;
  const state = card.deviceId === null ? texts.noDevice : texts.lastFour(lastFour(card.deviceId));
  return (
    <Section>
      <Panel>
        <Pressable
          id="device-row"
          role="link"
          className="card-link"
          onPress={() => openDevice(card.id)}
        >
          <View className="card-link-name">{texts.device}</View>
          <View className="card-link-state">{state}</View>
          <View className="card-link-arrow" />
        </Pressable>
      </Panel>
    </Section>
  );
}
