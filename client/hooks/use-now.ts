import { useState } from 'react';
import { useDidShow } from '@tarojs/taro';

/** When this page was last brought to the screen, in epoch milliseconds: which day "today" is. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useDidShow(() => setNow(Date.now()));
  return now;
}
