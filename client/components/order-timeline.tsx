import type { Order } from '@shared/contract';
import { useTexts } from '@client/i18n/language';
import { Section } from './section';
import { Timeline } from './timeline';

/** The events of an order. */
export function OrderTimeline({ order }: { order: Order }) {
  const { order: texts } = useTexts();
  return (
    <Section title={texts.timeline}>
      <Timeline
        entries={order.events.map(({ at, label }) => ({ at, title: label, detail: null }))}
      />
    </Section>
  );
}
