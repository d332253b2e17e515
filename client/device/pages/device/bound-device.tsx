import { View } from '@tarojs/components';
import type { Card, Device } from '@shared/contract';
import { QueryView } from '@client/components/query-view';
import { SkeletonList } from '@client/components/skeleton';
import { useDevice } from '@client/device/queries';
import { DeviceFacts } from './device-facts';
import { DeviceHead } from './device-head';
import { DeviceUsers } from './device-users';
import { UnbindAction } from './unbind-action';

interface BoundDeviceProps {
  card: Card;
  deviceId: string;
  showMessage(text: string): void;
}

function DeviceOverview({ device }: { device: Device }) {
  return (
    <>
      <DeviceHead device={device} />
      <DeviceFacts device={device} />
    </>
  );
}

/** The device that a card is bound to. Unbinding is offered even if the device platform does not respond. */
export function BoundDevice({ card, deviceId, showMessage }: BoundDeviceProps) {
  const query = useDevice(deviceId);
  return (
    <View>
      <QueryView query={query} skeleton={<SkeletonList rows={3} height="72px" />}>
        {(device) => (
          <>
            <DeviceOverview device={device} />
            <DeviceUsers card={card} deviceId={device.id} />
          </>
        )}
      </QueryView>
      <UnbindAction cardId={card.id} showMessage={showMessage} />
    </View>
  );
}
