import { View } from '@tarojs/components';
import { dateAndSecond, dateAndTime } from '@client/format';
import './timeline.scss';

interface Moment {
  /** RFC 3339. */
  at: string;
  title: string;
  detail: string | null;
}

interface TimelineProps {
  moments: readonly Moment[];
  /** Whether seconds matter, as they do to staff. */
  toTheSecond?: boolean;
}

/** What happened, in its order; the latest stands out. */
export function Timeline({ moments, toTheSecond = false }: TimelineProps) {
  const time = toTheSecond ? dateAndSecond : dateAndTime;
  return (
    <View className="timeline">
      {moments.map(({ at, title, detail }, index) => (
        <View
          key={`${at}-${index}`}
          className={index === moments.length - 1 ? 'moment moment-latest' : 'moment'}
        >
          <View className="moment-title">{title}</View>
          {detail !== null && <View className="moment-detail">{detail}</View>}
          <View className="moment-time">{time(at)}</View>
        </View>
      ))}
    </View>
  );
}
