import type { ErrorKind } from './error-kind';

/** The errors around devices, and the proofs that taking one away needs. */
export const deviceErrorKinds = {
  'card.possession_required': {
    status: 403,
    title: { 'zh-CN': '请先验证卡号', en: 'Prove that the card is at hand first' },
    detail: {
      'zh-CN': '这项操作不能撤销，请输入卡上的完整号码后再试。',
      en: 'This cannot be undone: enter the whole number on the card, then try again.',
    },
  },
  'card.possession_wrong': {
    status: 403,
    title: { 'zh-CN': '卡号不一致', en: 'That is not the number of this card' },
    detail: {
      'zh-CN': '请核对卡上印的完整号码。',
      en: 'Compare it with the whole number printed on the card.',
    },
  },
  'card.possession_limited': {
    status: 429,
    title: { 'zh-CN': '卡号输错次数过多', en: 'Too many wrong numbers' },
    detail: {
      'zh-CN': '为保护设备，请过一会儿再试。',
      en: 'To protect the device, try again later.',
    },
  },
  'device.not_configured': {
    status: 404,
    title: { 'zh-CN': '本店没有开通设备服务', en: 'This shop has no devices' },
    detail: {
      'zh-CN': '如需关联设备，请联系卖卡商家。',
      en: 'Ask the shop that sold the card.',
    },
  },
  'device.not_found': {
    status: 404,
    title: { 'zh-CN': '没有找到这台设备', en: 'This device was not found' },
    detail: {
      'zh-CN': '请核对设备 ID，并确认它已关联到您的卡。',
      en: 'Check the device ID, and that it is tied to a card of yours.',
    },
  },
  'device.lookup_limited': {
    status: 429,
    title: { 'zh-CN': '设备 ID 输错次数过多', en: 'Too many wrong device IDs' },
    detail: {
      'zh-CN': '为保护设备信息，请过一会儿再试。',
      en: 'To protect devices, try again later.',
    },
  },
  'device.tied_elsewhere': {
    status: 409,
    title: { 'zh-CN': '这台设备已关联另一张卡', en: 'This device is tied to another card' },
    detail: {
      'zh-CN': '如需更换，请联系卖卡商家。',
      en: 'Ask the shop that sold the card to change that.',
    },
  },
  'device.tied_by_shop': {
    status: 409,
    title: { 'zh-CN': '这台设备由商家关联', en: 'The shop has tied this device' },
    detail: {
      'zh-CN': '如需更换，请联系卖卡商家。',
      en: 'Ask the shop that sold the card to change that.',
    },
  },
  'device.holders_changed': {
    status: 409,
    title: { 'zh-CN': '设备的用户有变化', en: 'Other people hold the device now' },
    detail: {
      'zh-CN': '设备没有解绑。请看清现在有哪些用户，再决定。',
      en: 'Nothing was done. See who holds it now, then decide.',
    },
  },
  'device.unbind_refused': {
    status: 409,
    title: { 'zh-CN': '设备平台没有接受解绑', en: 'The device platform refused' },
    detail: {
      'zh-CN': '设备没有解绑，请联系卖卡商家。',
      en: 'Nothing was done. Ask the shop that sold the card.',
    },
  },
  'device.outcome_unknown': {
    status: 503,
    title: { 'zh-CN': '还不知道是否已解绑', en: 'It is not known whether the device was released' },
    detail: {
      'zh-CN': '设备平台没有答复。请稍后再看一眼设备的用户，没有用户就是已解绑。',
      en: 'The device platform did not answer. Look again in a moment: if nobody holds it, it was.',
    },
  },
} as const satisfies Record<string, ErrorKind>;
