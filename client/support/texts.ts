import { useLanguage } from '@client/i18n/language';
import type { Language } from '@shared/language';

/** What the staff pages say; they are a package of their own, and so are their words. */
const zhCn = {
  title: '员工工作台',
  signInTitle: '员工登录',
  username: '用户名',
  password: '密码',
  signIn: '登录',
  signOut: '退出',
  query: '卡号、接入号、订单号或支付单号',
  placeholder: '任意卡号或订单号',
  search: '查询',
  tooShort: '请至少输入 4 个字符',
  cards: '卡',
  orders: '订单',
  nothing: '没有找到',
  nothingHint: '请核对号码；订单可按订单号、微信支付单号查询。',
  start: '输入任意号码开始',
  startHint: '卡背面号码、后 10 位、接入号、订单号或微信支付单号都可以。',
  choose: '从左侧选择一项',
  normalised: '我们的说法',
  raw: '平台原文',
  rawAt: (time: string) => `取于 ${time}`,
  noRaw: '没有平台原文',
  cardOrders: '这张卡的订单',
  noOrders: '没有订单',
  timeline: '全程记录',
  platform: '平台',
  carrierCode: '运营商状态码',
  usage: '用量',
  usageOf: (used: string, total: string) => `${used} / ${total}`,
  canBuy: '可充值',
  yes: '是',
  no: '否',
  user: '用户',
  kinds: { state: '状态', upstream: '平台', notification: '通知' },
  back: '返回结果',
};

type StaffTexts = typeof zhCn;

const en: StaffTexts = {
  title: 'Staff desk',
  signInTitle: 'Staff sign in',
  username: 'User name',
  password: 'Password',
  signIn: 'Sign in',
  signOut: 'Sign out',
  query: 'Card, access, order or payment number',
  placeholder: 'Any number',
  search: 'Search',
  tooShort: 'Enter at least 4 characters',
  cards: 'Cards',
  orders: 'Orders',
  nothing: 'Nothing found',
  nothingHint: 'Check the number. Orders are found by order number or WeChat Pay number.',
  start: 'Enter any number',
  startHint:
    'The number on the card, its last ten, the access number, an order number or a WeChat Pay number.',
  choose: 'Choose one from the list',
  normalised: 'Our words',
  raw: "The platform's words",
  rawAt: (time) => `asked ${time}`,
  noRaw: 'Nothing from the platform',
  cardOrders: 'Orders of this card',
  noOrders: 'No orders',
  timeline: 'Everything that happened',
  platform: 'Platform',
  carrierCode: 'Carrier code',
  usage: 'Usage',
  usageOf: (used, total) => `${used} of ${total}`,
  canBuy: 'Can be topped up',
  yes: 'Yes',
  no: 'No',
  user: 'User',
  kinds: { state: 'State', upstream: 'Upstream', notification: 'Notification' },
  back: 'Back to the results',
};

const texts: Readonly<Record<Language, StaffTexts>> = { 'zh-CN': zhCn, en };

/** What the staff pages say, in the language in use. */
export function useStaffTexts(): StaffTexts {
  return texts[useLanguage()];
}
