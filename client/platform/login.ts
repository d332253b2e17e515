import Taro from '@tarojs/taro';
import type { CanSignIn, GetLoginCode } from './ports';

/** Gets a code from wx.login. It is valid for five minutes and one exchange. */
export const getLoginCode: GetLoginCode = async () => {
  const { code } = await Taro.login();
  return code;
};

export const canSignIn: CanSignIn = () => true;
