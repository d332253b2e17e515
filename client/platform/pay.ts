import Taro from '@tarojs/taro';
import { isRecord } from '@client/lib/guards';
import type { ShowPaymentSheet } from './ports';

/** wx.requestPayment fails with `requestPayment:fail cancel` when the user closes the sheet. */
function isCancel(error: unknown): boolean {
  return isRecord(error) && String(error.errMsg).includes('fail cancel');
}

/** Shows WeChat's payment sheet. */
export const showPaymentSheet: ShowPaymentSheet = async (payment) => {
  try {
    await Taro.requestPayment(payment);
    return 'done';
  } catch (error) {
    return isCancel(error) ? 'cancelled' : 'failed';
  }
};
