import type { PropsWithChildren, ReactNode } from 'react';
import { View } from '@tarojs/components';
import './section.scss';

interface SectionProps {
  title?: string;
  /** Stands at the end of the title's line. */
  aside?: ReactNode;
}

/** A part of a page under its title. */
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

/** A panel of rows parted by hairlines. */
export function Panel({ children }: PropsWithChildren) {
  return <View className="panel">{children}</View>;
}

interface FactProps {
  name: string;
  /** A quiet line under the name. */
  note?: string | undefined;
  /** For long numbers: what it is stands under its name. */
  stacked?: boolean;
}

/** One fact: its name at the start of the line, what it is at the end. */
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
