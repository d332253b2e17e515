import Taro from '@tarojs/taro';
import { isRecord } from '@client/lib/guards';
import type { ShowPaymentSheet } from './ports';

/** WeChat answers a dismissed sheet with `requestPayment:fail cancel`; any other failure is one. */
function isCancel(error: unknown): boolean {
  return isRecord(error) && String(error.errMsg).includes('fail cancel');
}

/** wx.requestPayment. */
export const showPaymentSheet: ShowPaymentSheet = async (payment) => {
  try {
    await Taro.requestPayment(payment);
    return 'done';
  } catch (error) {
    return isCancel(error) ? 'cancelled' : 'failed';
  }
};
