import Taro from '@tarojs/taro';
import type { CopyText } from './ports';

/** Copies with wx.setClipboardData, which fails if the user has denied it in WeChat's privacy settings. */
export const copyText: CopyText = async (text) => {
  await Taro.setClipboardData({ data: text });
};
