import type { ErrorKind } from './error-kind';

/** The errors of refunds that staff request, redirect or settle. */
export const refundErrorKinds = {
  'refund.too_much': {
    status: 409,
    title: { 'zh-CN': '退款金额超过可退金额', en: 'The amount exceeds what can be refunded' },
    detail: {
      'zh-CN': '退款总额不能超过实付金额，请查看已有的退款。',
      en: 'The refunds of an order cannot exceed the amount paid. Check its existing refunds.',
    },
  },
  'refund.not_possible': {
    status: 409,
    title: { 'zh-CN': '这个订单现在不能退款', en: 'This order cannot be refunded now' },
    detail: {
      'zh-CN': '没有收到款项、款项已在退回，或充值还没有结果；请查看订单状态。',
      en: 'Nothing was paid, a refund is in progress, or the delivery has no result yet. Check the state of the order.',
    },
  },
  'refund.not_found': {
    status: 404,
    title: { 'zh-CN': '没有这笔退款', en: 'There is no such refund' },
    detail: { 'zh-CN': '请从订单里重新打开。', en: 'Open it from its order again.' },
  },
  'refund.not_abnormal': {
    status: 409,
    title: { 'zh-CN': '这笔退款现在不能改退', en: 'This refund cannot be redirected now' },
    detail: {
      'zh-CN':
        '只有退款异常的退款能改退到其他银行卡或商户账户；已经改退的不能再改。请刷新查看它的状态。',
      en: 'Only an abnormal refund can be sent to another bank card or to the merchant, and only once. Read its state again.',
    },
  },
  'refund.redirect_refused': {
    status: 409,
    title: {
      'zh-CN': '微信支付没有受理改退',
      en: 'The payment channel refused to redirect the refund',
    },
    detail: {
      'zh-CN': '请核对银行、卡号和姓名，或改退到商户账户。',
      en: 'Check the bank, the card number and the name, or send the money to the merchant.',
    },
  },
  'refund.not_settleable': {
    status: 409,
    title: {
      'zh-CN': '这笔退款不能登记为另行退款',
      en: 'This refund cannot be recorded as settled outside',
    },
    detail: {
      'zh-CN': '它已经结束，或者支付渠道还可能付出；否则客户会收到两次钱。请刷新查看它的状态。',
      en: 'It has ended, or the payment channel may still pay it; the customer would be refunded twice. Read its state again.',
    },
  },
  'refund.settlement_pending': {
    status: 409,
    title: { 'zh-CN': '已有待复核的登记', en: 'A settlement already waits for a second person' },
    detail: {
      'zh-CN': '请另一位同事先复核。',
      en: 'Another person must approve or reject it first.',
    },
  },
  'refund.settlement_missing': {
    status: 409,
    title: { 'zh-CN': '没有待复核的登记', en: 'No settlement waits for a decision' },
    detail: {
      'zh-CN': '可能已经有人复核，请刷新。',
      en: 'Somebody may have decided it. Read it again.',
    },
  },
  'refund.settlement_own': {
    status: 403,
    title: { 'zh-CN': '不能复核自己的登记', en: 'You cannot approve your own settlement' },
    detail: { 'zh-CN': '请另一位主管复核。', en: 'Ask another supervisor to approve it.' },
  },
  'refund.settlement_early': {
    status: 409,
    title: {
      'zh-CN': '登记后一分钟才能复核',
      en: 'It can be approved one minute after the request',
    },
    detail: {
      'zh-CN': '刚才发出的退款请求可能还在路上，请稍后再试。',
      en: 'A refund request that was just sent may still be on its way. Try again shortly.',
    },
  },
} as const satisfies Record<string, ErrorKind>;
