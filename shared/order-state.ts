import type { LocalizedText } from './language';

export const orderStates = [
  'created',
  'awaitingPayment',
  'paid',
  'delivering',
  'delivered',
  'closed',
  'reviewing',
  'deliveryUnknown',
  'deliveryFailed',
  'refunding',
  'refunded',
  'refundFailed',
] as const;

export type OrderState = (typeof orderStates)[number];

/** What customers can do with an order; which of them is possible depends on its state. */
export const orderActions = ['pay', 'cancel', 'requestRefund', 'buyAgain'] as const;
export type OrderAction = (typeof orderActions)[number];

/** Each state as customers read it: its name, and what happens next. The money comes first. */
export const orderStateTexts: Readonly<
  Record<OrderState, { label: LocalizedText; advice: LocalizedText }>
> = {
  created: {
    label: { 'zh-CN': '正在下单', en: 'Placing the order' },
    advice: {
      'zh-CN': '还没有扣款，正在准备支付。',
      en: 'Nothing has been charged. Payment is being prepared.',
    },
  },
  awaitingPayment: {
    label: { 'zh-CN': '待支付', en: 'Waiting for payment' },
    advice: {
      'zh-CN': '还没有扣款，可以继续支付或取消。',
      en: 'Nothing has been charged. You can pay now or cancel.',
    },
  },
  paid: {
    label: { 'zh-CN': '已付款', en: 'Paid' },
    advice: {
      'zh-CN': '已付款，正在安排充值；若失败会自动退款。',
      en: 'Paid. The top-up is being arranged; if it fails, you are refunded automatically.',
    },
  },
  delivering: {
    label: { 'zh-CN': '充值中', en: 'Topping up' },
    advice: {
      'zh-CN': '已付款，正在充值，通常 1 分钟内到账；若失败会自动退款。',
      en: 'Paid. The top-up usually takes less than a minute; if it fails, you are refunded automatically.',
    },
  },
  delivered: {
    label: { 'zh-CN': '已到账', en: 'Delivered' },
    advice: {
      'zh-CN': '套餐已到账，可以使用了。',
      en: 'The package is on the card and ready to use.',
    },
  },
  closed: {
    label: { 'zh-CN': '已关闭', en: 'Closed' },
    advice: {
      'zh-CN': '没有扣款，订单已关闭，可以重新购买。',
      en: 'Nothing was charged. You can order again at any time.',
    },
  },
  reviewing: {
    label: { 'zh-CN': '核对中', en: 'Being checked' },
    advice: {
      'zh-CN': '已收到您的付款，正在人工核对，核对后到账或退款，款项不会丢失。',
      en: 'We received your payment and are checking it. The package will be delivered or the money refunded.',
    },
  },
  deliveryUnknown: {
    label: { 'zh-CN': '确认到账中', en: 'Confirming delivery' },
    advice: {
      'zh-CN': '已付款，正在向运营商确认是否到账，请勿重复购买；若失败会自动退款。',
      en: 'Paid. We are confirming delivery with the carrier; please do not buy again. If it failed, you are refunded automatically.',
    },
  },
  deliveryFailed: {
    label: { 'zh-CN': '充值未成功', en: 'Top-up failed' },
    advice: {
      'zh-CN': '正在为您原路退款，这次充值没有成功。',
      en: 'Your money is being refunded because the top-up failed.',
    },
  },
  refunding: {
    label: { 'zh-CN': '退款中', en: 'Refunding' },
    advice: {
      'zh-CN': '款项正在原路退回，通常几分钟内到账；若有延迟我们会继续处理，不会丢失。',
      en: 'Your money is being refunded to where you paid from, usually within minutes. If it takes longer, we follow it up.',
    },
  },
  refunded: {
    label: { 'zh-CN': '已退款', en: 'Refunded' },
    advice: {
      'zh-CN': '款项已原路退回，请在微信账单中查看。',
      en: 'The money has been refunded to where you paid from; see your WeChat bills.',
    },
  },
  refundFailed: {
    label: { 'zh-CN': '退款处理中', en: 'Refund in progress' },
    advice: {
      'zh-CN': '退款遇到问题，客服正在处理，您的款项不会丢失。',
      en: 'There is a problem with the refund and our staff are handling it. Your money is safe.',
    },
  },
};
