import type { PropsWithChildren, ReactNode } from 'react';
import { View } from '@tarojs/components';
import './section.scss';

interface SectionProps {
  title?: string;
  /** Shown at the end of the title's line. */
  aside?: ReactNode;
}

/** A part of a page, with an optional title. */
export function Section({ title, aside, children }: PropsWithChildren<SectionProps>) {
  return (
    <View className="section">
      {title !== undefined && (
        <View className="section-head">
          <View className="section-title">{title}</View>
          {aside}
        </View>
      )}
      {children}
    </View>
  );
}

/** A panel of rows that are separated by hairlines. */
export function Panel({ children }: PropsWithChildren) {
  return <View className="panel">{children}</View>;
}

interface FactProps {
  name: string;
  /** A secondary line under the name. */
  note?: string | undefined;
  /** For long values: shown below the name. */
  stacked?: boolean;
}

/** A name and its value on one line. */
export function Fact({ name, note, stacked = false, children }: PropsWithChildren<FactProps>) {
  return (
    <View className={stacked ? 'fact fact-stacked' : 'fact'}>
      <View className="fact-name">
        {name}
        {note !== undefined && <View className="fact-note">{note}</View>}
      </View>
      <View className="fact-value">{children}</View>
    </View>
  );
}
