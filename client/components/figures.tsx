import { Text, View } from '@tarojs/components';
import { fen, formatYuan } from '@shared/money';
import type { VolumeRounding } from '@shared/data-volume';
import { formatVolume } from '@shared/data-volume';
import './figures.scss';

type Size = 'display' | 'large' | 'base';

/** A price, with the ¥ smaller than the digits. */
export function Price({ amountFen, size = 'base' }: { amountFen: number; size?: Size }) {
  return (
    <View className={`figure figure-${size}`}>
      <Text className="figure-sign">¥</Text>
      <Text>{formatYuan(fen(amountFen))}</Text>
    </View>
  );
}

/** A data volume, with the unit smaller than the digits. What is left is rounded `down`. */
export function Volume({
  id,
  megabytes,
  rounding,
  size = 'base',
}: {
  id?: string;
  megabytes: number;
  rounding: VolumeRounding;
  size?: Size;
}) {
  const { value, unit } = formatVolume(megabytes, rounding);
  return (
    <View {...(id === undefined ? {} : { id })} className={`figure figure-${size}`}>
      <Text>{value}</Text>
      <Text className="figure-unit">{unit}</Text>
    </View>
  );
}
