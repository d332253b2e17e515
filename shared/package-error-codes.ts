import type { ErrorKind } from './error-kind';

/** The errors of packages that cannot be bought. */
export const packageErrorKinds = {
  'package.not_found': {
    status: 404,
    title: { 'zh-CN': '没有这个套餐', en: 'This package does not exist' },
    detail: {
      'zh-CN': '套餐可能已下架，请重新选择。',
      en: 'It may have been withdrawn. Choose another package.',
    },
  },
  'package.cannot_buy': {
    status: 409,
    title: { 'zh-CN': '这个套餐现在不能购买', en: 'This package cannot be bought now' },
    detail: { 'zh-CN': '请选择其他套餐或生效时间。', en: 'Choose another package or start date.' },
  },
  'package.being_delivered': {
    status: 409,
    title: {
      'zh-CN': '这张卡的同款套餐正在办理中',
      en: 'This package is being delivered to the card',
    },
    detail: {
      'zh-CN': '没有扣款，请等上一笔到账后再购买。',
      en: 'Nothing was charged. Wait until it is delivered, then buy it again.',
    },
  },
  'package.not_in_stock': {
    status: 409,
    title: { 'zh-CN': '套餐暂时售罄', en: 'The package is sold out for now' },
    detail: {
      'zh-CN': '没有扣款，本店正在补货，请稍后再试。',
      en: 'Nothing was charged. The shop is restocking; try again later.',
    },
  },
  'package.period_changed': {
    status: 409,
    title: { 'zh-CN': '套餐的生效日期已经变了', en: 'The start date of the package has changed' },
    detail: {
      'zh-CN': '没有扣款。已进入新的账期，请确认新的日期后再购买。',
      en: 'Nothing was charged. A new billing month has started: check the new dates, then buy it again.',
    },
  },
  'package.month_ending': {
    status: 409,
    title: { 'zh-CN': '本账期马上结束，暂停购买', en: 'The billing month is about to end' },
    detail: {
      'zh-CN': '没有扣款。零点前几分钟不出售套餐，以免生效日期出错，请零点后再购买。',
      en: 'Nothing was charged. No packages are sold in the last minutes before midnight, so that none starts in the wrong month. Buy it after midnight.',
    },
  },
} satisfies Record<string, ErrorKind>;
