import type { Language } from '@shared/language';
import { useLanguage } from '@client/i18n/language';

/** The texts of the device page. They are separate because the page is a subpackage. */
const zhCn = {
  title: '关联设备',
  forCard: (card: string) => `所用卡片：${card}`,
  notMine: '请先把这张卡加入“我的卡”，再关联设备。',
  noDevices: '本店暂未开通设备服务。',
  bindTitle: '这张卡装在哪台设备里？',
  bindText: '关联后，可查看设备是否在线、有哪些用户可以控制它。',
  idLabel: '设备 ID',
  idPlaceholder: '输入机身或包装上的设备 ID',
  idHelp: '共 36 位，例如 e22cfa2e-9752-11e6-9baf-00163e120d98',
  idInvalid: '设备 ID 格式不对，请核对后重新输入。',
  bind: '关联',
  bound: '已关联',
  online: '在线',
  offline: '离线',
  disabled: '已停用',
  disabledAdvice: '这台设备已被设备平台停用，请联系卖卡商家。',
  activatedAt: '激活时间',
  mac: 'MAC 地址',
  users: '可控制设备的用户',
  noUsers: '当前没有用户可以控制这台设备',
  noUsersHint: '在设备的 App 中重新绑定后，用户会显示在这里。',
  noContact: '未留联系方式',
  unbind: '取消关联',
  unbindTitle: '取消与这张卡的关联？',
  unbindText: '设备和可控制它的用户都不受影响，可随时重新关联。',
  unbound: '已取消关联',
  release: '解绑设备',
  warnTitle: '解绑设备？',
  warnText: (users: number) => `${users} 位用户将失去对设备的控制，此操作不可撤销。`,
  warnHint: '如需再次使用，请在设备的 App 中重新绑定。卡和套餐不受影响。',
  changed: '设备的用户刚刚有变化，尚未解绑。请核对当前人数后再决定。',
  proceed: '继续',
  cancel: '暂不解绑',
  proveTitle: '请输入这张卡的完整号码',
  proveText: (users: number) =>
    `用于确认卡在您手中。确认后，${users} 位用户将立即失去对设备的控制。`,
  provePlaceholder: '卡背面 19-20 位号码',
  confirmRelease: '确认解绑',
  unknownTitle: '暂时无法确认是否已解绑',
  unknownText: '设备平台没有响应。请刷新查看：如果已没有用户，说明解绑成功。',
  checkAgain: '刷新查看',
  doneTitle: '已解绑',
  doneText: (users: number) => `${users} 位用户已不能再控制这台设备。`,
  close: '知道了',
};

type DeviceTexts = typeof zhCn;

function userCount(users: number): string {
  return users === 1 ? '1 user' : `${users} users`;
}

const en: DeviceTexts = {
  title: 'Device',
  forCard: (card) => `Card: ${card}`,
  notMine: 'Add this card to your cards first, then link its device.',
  noDevices: 'This shop does not offer device services.',
  bindTitle: 'Which device is this card in?',
  bindText: 'Once it is linked, this page shows whether it is online and who can control it.',
  idLabel: 'Device ID',
  idPlaceholder: 'The ID on the device or its box',
  idHelp: '36 characters, such as e22cfa2e-9752-11e6-9baf-00163e120d98',
  idInvalid: 'This does not look like a device ID. Check it and try again.',
  bind: 'Link',
  bound: 'Device linked',
  online: 'Online',
  offline: 'Offline',
  disabled: 'Disabled',
  disabledAdvice:
    'The device platform has disabled this device. Contact the shop that sold the card.',
  activatedAt: 'Activated',
  mac: 'MAC address',
  users: 'Users who can control it',
  noUsers: 'No user can control this device now',
  noUsersHint: 'Users appear here once the device is bound again in its own app.',
  noContact: 'No contact details',
  unbind: 'Unlink',
  unbindTitle: 'Unlink the device from this card?',
  unbindText: 'The device and its users are not affected. You can link it again at any time.',
  unbound: 'Device unlinked',
  release: 'Release the device',
  warnTitle: 'Release the device?',
  warnText: (users) => `${userCount(users)} will lose control of it. This cannot be undone.`,
  warnHint:
    "To use it again, bind it in the device's own app. The card and its packages are not affected.",
  changed:
    'The users of the device have just changed, so it was not released. Check how many there are now.',
  proceed: 'Continue',
  cancel: 'Not now',
  proveTitle: 'Enter the full number of this card',
  proveText: (users) =>
    `This confirms that you have the card. ${userCount(users)} will then lose control of the device immediately.`,
  provePlaceholder: 'The 19-20 characters on the card',
  confirmRelease: 'Release',
  unknownTitle: 'Release not confirmed yet',
  unknownText:
    'The device platform did not respond. Refresh: if no users are left, the device was released.',
  checkAgain: 'Refresh',
  doneTitle: 'Device released',
  doneText: (users) => `${userCount(users)} can no longer control this device.`,
  close: 'OK',
};

const texts: Readonly<Record<Language, DeviceTexts>> = { 'zh-CN': zhCn, en };

/** The texts of the device page in the current language. */
export function useDeviceTexts(): DeviceTexts {
  return texts[useLanguage()];
}
