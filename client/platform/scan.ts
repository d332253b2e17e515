import Taro from '@tarojs/taro';
import { isRecord } from '@client/lib/guards';
import type { ScanNumber } from './ports';

function isCancel(error: unknown): boolean {
  return isRecord(error) && String(error.errMsg).includes('cancel');
}

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
