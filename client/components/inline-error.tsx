import type { PropsWithChildren } from 'react';
import { View } from '@tarojs/components';
import { liveRegionProps } from './accessibility';
import './inline-error.scss';

/** An error message next to the field or button it is about. Screen readers announce it. */
export function InlineError({ id, children }: PropsWithChildren<{ id?: string }>) {
  return (
    <View {...(id === undefined ? {} : { id })} className="inline-error" {...liveRegionProps()}>
      {children}
    </View>
  );
}
