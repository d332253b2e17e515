import { useState } from 'react';
import { useDidHide, useDidShow } from '@tarojs/taro';

/** Whether this page is currently shown. */
export function useVisible(): boolean {
  const [visible, setVisible] = useState(true);
  useDidShow(() => setVisible(true));
  useDidHide(() => setVisible(false));
  return visible;
}
