import type { Language } from '@shared/language';
import { useLanguage } from '@client/i18n/language';

/** What the device page says; it is a package of its own, and so are its words. */
const zhCn = {
  title: '关联设备',
  forCard: (card: string) => `所用的卡：${card}`,
  notMine: '请先把这张卡收进我的卡，再关联设备。',
  noDevices: '本店没有开通设备服务。',
  bindTitle: '这张卡装在哪台设备里？',
  bindText: '关联后，可以在这里看到设备是否在线、谁能控制它。',
  idLabel: '设备 ID',
  idPlaceholder: '输入机身或包装上的设备 ID',
  idHelp: '形如 e22cfa2e-9752-11e6-9baf-00163e120d98，共 36 位',
  idInvalid: '这不像是设备 ID，请核对后再输一次。',
  bind: '关联',
  bound: '已关联',
  online: '在线',
  offline: '离线',
  disabled: '已停用',
  disabledAdvice: '设备平台停用了这台设备，请联系卖卡商家。',
  activatedAt: '激活时间',
  mac: 'MAC 地址',
  users: '谁能控制它',
  noUsers: '现在没有人能控制它',
  noUsersHint: '在设备的 App 里重新绑定后，会出现在这里。',
  noContact: '没有留下联系方式',
  unbind: '取消关联',
  unbindTitle: '取消与这张卡的关联？',
  unbindText: '设备本身不受影响，能控制它的人也不变，随时可以再关联。',
  unbound: '已取消关联',
  release: '解绑设备',
  warnTitle: '解绑设备？',
  warnText: (people: number) => `${people} 位用户将失去对设备的控制，且不能撤销。`,
  warnHint: '之后要用它，需要在设备的 App 里重新绑定。卡和套餐不受影响。',
  changed: '刚才设备的用户有变化，没有解绑。请看清现在的人数再决定。',
  proceed: '继续',
  cancel: '先不解绑',
  proveTitle: '请输入这张卡的完整号码',
  proveText: (people: number) =>
    `用来确认卡在您手上。确认后，${people} 位用户马上失去对设备的控制。`,
  provePlaceholder: '卡背面 19-20 位号码',
  confirmRelease: '确认解绑',
  unknownTitle: '还不知道是否已解绑',
  unknownText: '设备平台没有答复。请再看一眼：如果已没有用户，就是已解绑。',
  checkAgain: '再看一眼',
  doneTitle: '已解绑',
  doneText: (people: number) => `${people} 位用户已不能再控制这台设备。`,
  close: '知道了',
};

type DeviceTexts = typeof zhCn;

function personCount(people: number): string {
  return people === 1 ? '1 person' : `${people} people`;
}

const en: DeviceTexts = {
  title: 'Device',
  forCard: (card) => `Card: ${card}`,
  notMine: 'Put this card into your cards first, then tie its device.',
  noDevices: 'This shop has no devices.',
  bindTitle: 'Which device is this card in?',
  bindText: 'Then you see here whether it is online and who can control it.',
  idLabel: 'Device ID',
  idPlaceholder: 'The ID on the device or its box',
  idHelp: '36 characters, such as e22cfa2e-9752-11e6-9baf-00163e120d98',
  idInvalid: 'This does not look like a device ID. Compare it and try again.',
  bind: 'Tie',
  bound: 'Tied to this card',
  online: 'Online',
  offline: 'Offline',
  disabled: 'Disabled',
  disabledAdvice: 'The device platform has disabled it. Ask the shop that sold the card.',
  activatedAt: 'Activated',
  mac: 'MAC address',
  users: 'Who can control it',
  noUsers: 'Nobody can control it now',
  noUsersHint: "They appear here once it is bound again in the device's own app.",
  noContact: 'No contact given',
  unbind: 'Remove the tie',
  unbindTitle: 'Remove the tie to this card?',
  unbindText:
    'The device and those who can control it stay as they are. You can tie it again at any time.',
  unbound: 'Tie removed',
  release: 'Release the device',
  warnTitle: 'Release the device?',
  warnText: (people) => `${personCount(people)} will lose control of it. This cannot be undone.`,
  warnHint: "To use it again, bind it in the device's own app. Card and packages are not affected.",
  changed: 'Those who hold it have just changed. Nothing was done: see how many they are now.',
  proceed: 'Go on',
  cancel: 'Not now',
  proveTitle: 'Enter the whole number of this card',
  proveText: (people) =>
    `It shows that the card is in your hands. Then ${personCount(people)} will lose the device at once.`,
  provePlaceholder: 'The 19-20 characters on the card',
  confirmRelease: 'Release it',
  unknownTitle: 'It is not known whether it was released',
  unknownText: 'The device platform did not answer. Look again: if nobody holds it, it was.',
  checkAgain: 'Look again',
  doneTitle: 'Released',
  doneText: (people) => `${personCount(people)} can no longer control this device.`,
  close: 'OK',
};

const texts: Readonly<Record<Language, DeviceTexts>> = { 'zh-CN': zhCn, en };

/** What the device page says, in the language in use. */
export function useDeviceTexts(): DeviceTexts {
  return texts[useLanguage()];
}
