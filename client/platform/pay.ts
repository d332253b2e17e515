import Taro from '@tarojs/taro';
import { isCancel } from '@client/lib/wechat-failure';
import type { ShowPaymentSheet } from './ports';

/** Shows WeChat's payment sheet. */
export const showPaymentSheet: ShowPaymentSheet = async (payment) => {
  try {
    await Taro.requestPayment(payment);
    return 'done';
  } catch (error) {
    return isCancel(error) ? 'cancelled' : 'failed';
  }
};
