import type { PropsWithChildren } from 'react';
import { View } from '@tarojs/components';
import type { Tone } from '@client/lib/card-tone';
import { labelledProps } from './accessibility';
import { useFillAnimation } from './use-fill-animation';
import './ring.scss';

interface RingProps {
  /** From 0 to 1. */
  share: number;
  tone: Tone;
  /** The accessible name. */
  label: string;
  /** Fills once from empty when first shown. */
  animated?: boolean;
}

/** A ring that is filled by a share, with content in the middle. */
export function Ring({
  share,
  tone,
  label,
  animated = false,
  children,
}: PropsWithChildren<RingProps>) {
  const shown = useFillAnimation(share, animated);
  const degrees = Math.round(shown * 360);
  const colour = `var(--ring-${tone})`;
  return (
    <View className={`ring ring-${tone}`} {...labelledProps('img', label)}>
      <View
        className="ring-band"
        style={{ background: `conic-gradient(${colour} ${degrees}deg, var(--surface-sunken) 0)` }}
      />
      {degrees > 0 && degrees < 360 && (
        <>
          <View className="ring-end" />
          <View className="ring-end" style={{ transform: `rotate(${degrees}deg)` }} />
        </>
      )}
      <View className="ring-hole">{children}</View>
    </View>
  );
}
