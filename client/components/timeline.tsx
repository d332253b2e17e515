import { View } from '@tarojs/components';
import { dateTimeToSecond, dateTimeToMinute } from '@client/lib/format';
import './timeline.scss';

interface TimelineEntry {
  /** RFC 3339. */
  at: string;
  title: string;
  detail: string | null;
}

interface TimelineProps {
  entries: readonly TimelineEntry[];
  /** Whether times are shown to the second. */
  showSeconds?: boolean;
}

/** Events in their order; the latest is highlighted. */
export function Timeline({ entries, showSeconds = false }: TimelineProps) {
  const time = showSeconds ? dateTimeToSecond : dateTimeToMinute;
  return (
    <View className="timeline">
      {entries.map(({ at, title, detail }, index) => (
        <View
          key={`${at}-${index}`}
          className={
            index === entries.length - 1 ? 'timeline-entry timeline-entry-latest' : 'timeline-entry'
          }
        >
          <View className="timeline-title">{title}</View>
          {detail !== null && <View className="timeline-detail">{detail}</View>}
          <View className="timeline-time">{time(at)}</View>
        </View>
      ))}
    </View>
  );
}
