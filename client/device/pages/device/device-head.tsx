import { View } from '@tarojs/components';
import type { Device } from '@shared/contract';
import type { Tone } from '@client/lib/card-tone';
import { StatusLabel } from '@client/components/status-label';
import { useDeviceTexts } from '@client/device/texts';

type State = 'online' | 'offline' | 'disabled';

const tones: Readonly<Record<State, Tone>> = {
  online: 'good',
  offline: 'neutral',
  disabled: 'stopped',
};

function stateOf({ status, online }: Device): State {
  if (status === 'disabled') return 'disabled';
  return online ? 'online' : 'offline';
}

/** The name of a device, and whether it is online. */
export function DeviceHead({ device }: { device: Device }) {
  const texts = useDeviceTexts();
  const state = stateOf(device);
  return (
    <View className="device-head">
      <View className="device-name">{device.product?.name ?? texts.title}</View>
      <StatusLabel id="device-state" tone={tones[state]}>
        {texts[state]}
      </StatusLabel>
      {state === 'disabled' && <View className="device-advice">{texts.disabledAdvice}</View>}
    </View>
  );
}
