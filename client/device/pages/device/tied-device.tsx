import { View } from '@tarojs/components';
import type { Card, Device } from '@shared/contract';
import { QueryView } from '@client/components/query-view';
import { SkeletonList } from '@client/components/skeleton';
import { useDevice } from '@client/device/queries';
import { DeviceFacts } from './device-facts';
import { DeviceHead } from './device-head';
import { DeviceUsers } from './device-users';
import { UntieAction } from './untie-action';

interface TiedDeviceProps {
  card: Card;
  deviceId: string;
  say(text: string): void;
}

function Known({ device }: { device: Device }) {
  return (
    <>
      <DeviceHead device={device} />
      <DeviceFacts device={device} />
    </>
  );
}

/** The device a card is in. Its tie can be taken away also where its platform does not answer. */
export function TiedDevice({ card, deviceId, say }: TiedDeviceProps) {
  const query = useDevice(deviceId);
  return (
    <View>
      <QueryView query={query} skeleton={<SkeletonList rows={3} height="72px" />}>
        {(device) => (
          <>
            <Known device={device} />
            <DeviceUsers card={card} deviceId={device.id} />
          </>
        )}
      </QueryView>
      <UntieAction cardId={card.id} say={say} />
    </View>
  );
}
