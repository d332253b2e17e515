import { View } from '@tarojs/components';
import type { Device } from '@shared/contract';
import { Copyable } from '@client/components/copyable';
import { Fact, Panel, Section } from '@client/components/section';
import { useDeviceTexts } from '@client/device/texts';
import { dateTimeToMinute } from '@client/lib/format';

/** The details of a device. */
export function DeviceFacts({ device }: { device: Device }) {
  const texts = useDeviceTexts();
  return (
    <Section>
      <Panel>
        {device.activatedAt !== null && (
          <Fact name={texts.activatedAt}>{dateTimeToMinute(device.activatedAt)}</Fact>
        )}
        {device.macMasked !== null && <Fact name={texts.mac}>{device.macMasked}</Fact>}
        <Fact name={texts.idLabel} stacked>
          <View className="device-id">
            <Copyable id="device-id" text={device.id} name={texts.idLabel} />
          </View>
        </Fact>
      </Panel>
    </Section>
  );
}
