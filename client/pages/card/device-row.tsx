import type { Card } from '@shared/contract';
import { LinkRow } from '@client/components/link-row';
import { Panel, Section } from '@client/components/section';
import { lastFour } from '@client/lib/format';
import { useTexts } from '@client/i18n/language';
import { openDevice } from '@client/lib/navigation';

/** Leads to the device that the card is in; not shown in a shop without devices. */
export function DeviceRow({ card }: { card: Card }) {
  const { card: texts } = useTexts();
  if (!card.canTieDevice) return null;
  const state = card.deviceId === null ? texts.noDevice : texts.lastFour(lastFour(card.deviceId));
  return (
    <Section>
      <Panel>
        <LinkRow
          id="device-row"
          name={texts.device}
          value={state}
          onPress={() => openDevice(card.id)}
        />
      </Panel>
    </Section>
  );
}
