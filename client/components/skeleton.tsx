import { View } from '@tarojs/components';
import { useTexts } from '@client/i18n/language';
import { labelledProps } from './accessibility';
import './skeleton.scss';

/** A grey shape in place of content that is loading. */
export function SkeletonBlock({
  width,
  height,
  round = false,
}: {
  width: string;
  height: string;
  round?: boolean;
}) {
  return (
    <View
      className={round ? 'skeleton-block skeleton-block-round' : 'skeleton-block'}
      style={{ width, height }}
    />
  );
}

/** A list of grey shapes in place of content that is loading. */
export function SkeletonList({ rows, height }: { rows: number; height: string }) {
  const { common } = useTexts();
  return (
    <View className="skeleton-list" {...labelledProps('status', common.loading)}>
      {Array.from({ length: rows }, (_, row) => (
        <SkeletonBlock key={row} width="100%" height={height} />
      ))}
    </View>
  );
}
