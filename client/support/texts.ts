import { useLanguage } from '@client/i18n/language';
import type { Language } from '@shared/language';

/** The texts of the staff pages. They are separate because the pages are a subpackage. */
const zhCn = {
  title: '员工工作台',
  signInTitle: '员工登录',
  username: '用户名',
  password: '密码',
  signIn: '登录',
  signOut: '退出',
  query: '卡号、接入号、订单号或支付单号',
  placeholder: '卡号、订单号或支付单号',
  search: '查询',
  tooShort: '请至少输入 4 个字符',
  cards: '卡片',
  orders: '订单',
  nothing: '未找到结果',
  nothingHint: '请核对号码。订单可按订单号或微信支付单号查询。',
  start: '输入号码开始查询',
  startHint: '支持卡背面号码（可只输后 10 位）、接入号、订单号和微信支付单号。',
  choose: '请从左侧选择',
  cardInfo: '卡片信息',
  raw: '平台原始数据',
  rawAt: (time: string) => `获取于 ${time}`,
  noRaw: '暂无平台数据',
  cardOrders: '这张卡的订单',
  noOrders: '暂无订单',
  timeline: '处理记录',
  platform: '平台',
  carrierCode: '运营商状态码',
  usage: '用量',
  usageOf: (used: string, total: string) => `${used} / ${total}`,
  canBuy: '可充值',
  yes: '是',
  no: '否',
  user: '用户',
  kinds: { state: '状态', upstream: '接口调用', notification: '通知' },
  back: '返回列表',
  unreadable: '读取情况',
  unanswered: (platforms: string) => `${platforms} 暂时没有应答，结果可能不全，请稍后再查。`,
};

type StaffTexts = typeof zhCn;

const en: StaffTexts = {
  title: 'Staff desk',
  signInTitle: 'Staff sign-in',
  username: 'Username',
  password: 'Password',
  signIn: 'Sign in',
  signOut: 'Sign out',
  query: 'Card number, access number, order number or payment number',
  placeholder: 'Card, order or payment number',
  search: 'Search',
  tooShort: 'Enter at least 4 characters',
  cards: 'Cards',
  orders: 'Orders',
  nothing: 'Nothing found',
  nothingHint: 'Check the number. Orders are found by order number or WeChat Pay transaction ID.',
  start: 'Enter a number to search',
  startHint:
    'The number on the card or its last ten characters, an access number, an order number or a WeChat Pay transaction ID.',
  choose: 'Choose from the list',
  cardInfo: 'Card details',
  raw: 'Raw platform data',
  rawAt: (time) => `fetched ${time}`,
  noRaw: 'No platform data',
  cardOrders: 'Orders of this card',
  noOrders: 'No orders',
  timeline: 'Timeline',
  platform: 'Platform',
  carrierCode: 'Carrier code',
  usage: 'Usage',
  usageOf: (used, total) => `${used} of ${total}`,
  canBuy: 'Can be topped up',
  yes: 'Yes',
  no: 'No',
  user: 'User',
  kinds: { state: 'State', upstream: 'API call', notification: 'Notification' },
  back: 'Back to results',
  unreadable: 'Reading',
  unanswered: (platforms) =>
    `${platforms} did not answer. The results may be incomplete; search again later.`,
};

const texts: Readonly<Record<Language, StaffTexts>> = { 'zh-CN': zhCn, en };

/** The texts of the staff pages in the current language. */
export function useStaffTexts(): StaffTexts {
  return texts[useLanguage()];
}
