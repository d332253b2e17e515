import type { ErrorKind } from './error-kind';

/** The errors of devices, and of the proof of possession that releasing one requires. */
export const deviceErrorKinds = {
  'card.possession_required': {
    status: 403,
    title: { 'zh-CN': '请先验证卡号', en: 'Confirm that you have the card first' },
    detail: {
      'zh-CN': '此操作不可撤销，请输入卡上的完整号码后再试。',
      en: 'This cannot be undone. Enter the full number on the card, then try again.',
    },
  },
  'card.possession_wrong': {
    status: 403,
    title: { 'zh-CN': '卡号不一致', en: 'This is not the number of this card' },
    detail: {
      'zh-CN': '请核对卡上印的完整号码。',
      en: 'Compare it with the full number printed on the card.',
    },
  },
  'card.possession_limited': {
    status: 429,
    title: { 'zh-CN': '卡号输错次数过多', en: 'Too many wrong numbers' },
    detail: {
      'zh-CN': '为保护设备，请过一会儿再试。',
      en: 'To protect the device, please try again later.',
    },
  },
  'device.not_configured': {
    status: 404,
    title: { 'zh-CN': '本店暂未开通设备服务', en: 'This shop does not offer device services' },
    detail: {
      'zh-CN': '如需关联设备，请联系卖卡商家。',
      en: 'Contact the shop that sold the card.',
    },
  },
  'device.not_found': {
    status: 404,
    title: { 'zh-CN': '没有找到这台设备', en: 'This device was not found' },
    detail: {
      'zh-CN': '请核对设备 ID，并确认它已关联到您的卡。',
      en: 'Check the device ID, and that the device is linked to one of your cards.',
    },
  },
  'device.lookup_limited': {
    status: 429,
    title: { 'zh-CN': '设备 ID 输错次数过多', en: 'Too many wrong device IDs' },
    detail: {
      'zh-CN': '为保护设备信息，请过一会儿再试。',
      en: 'To protect device data, please try again later.',
    },
  },
  'device.tied_elsewhere': {
    status: 409,
    title: { 'zh-CN': '这台设备已关联另一张卡', en: 'This device is linked to another card' },
    detail: {
      'zh-CN': '如需更换，请联系卖卡商家。',
      en: 'Contact the shop that sold the card to change it.',
    },
  },
  'device.tied_by_shop': {
    status: 409,
    title: { 'zh-CN': '这台设备由商家关联', en: 'This device was linked by the shop' },
    detail: {
      'zh-CN': '如需更换，请联系卖卡商家。',
      en: 'Contact the shop that sold the card to change it.',
    },
  },
  'device.holders_changed': {
    status: 409,
    title: { 'zh-CN': '设备的用户有变化', en: 'The users of the device have changed' },
    detail: {
      'zh-CN': '设备尚未解绑，请核对当前用户后再决定。',
      en: 'The device was not released. Check its current users, then decide.',
    },
  },
  'device.unbind_refused': {
    status: 409,
    title: { 'zh-CN': '设备平台没有接受解绑', en: 'The device platform refused the release' },
    detail: {
      'zh-CN': '设备没有解绑，请联系卖卡商家。',
      en: 'The device was not released. Contact the shop that sold the card.',
    },
  },
  'device.outcome_unknown': {
    status: 503,
    title: { 'zh-CN': '暂时无法确认是否已解绑', en: 'Whether the device was released is unknown' },
    detail: {
      'zh-CN': '设备平台没有响应。请稍后刷新设备的用户，没有用户说明已解绑。',
      en: 'The device platform did not respond. Refresh its users in a moment: if there are none, it was released.',
    },
  },
} as const satisfies Record<string, ErrorKind>;
