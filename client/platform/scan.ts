import Taro from '@tarojs/taro';
import { isCancel } from '@client/lib/wechat-failure';
import type { ScanNumber } from './ports';

/** Scans a barcode or QR code with wx.scanCode, from the camera or an album. */
export const scanNumber: ScanNumber = async () => {
  try {
    const { result } = await Taro.scanCode({ scanType: ['barCode', 'qrCode'] });
    return result;
  } catch (error) {
    if (isCancel(error)) return undefined;
    throw error;
  }
};
