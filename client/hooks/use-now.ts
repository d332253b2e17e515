import { useState } from 'react';
import { useDidShow } from '@tarojs/taro';

/** The time at which this page was last shown, in epoch milliseconds. It defines "today". */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useDidShow(() => setNow(Date.now()));
  return now;
}
