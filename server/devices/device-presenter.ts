import type { Device, DeviceUser } from '@shared/contract';
import type { Language, LocalizedText } from '@shared/language';
import type { DeviceHolder, DeviceState } from '../platforms/ports';
import { rfc3339 } from '../lib/rfc3339';

/** A device that its platform knows. */
export type KnownDevice = Exclude<DeviceState, { state: 'absent' }>;

const HIDDEN = '****';
/** Shorter texts are hidden completely, because their ends would reveal too much. */
const SHORTEST_PHONE = 9;
const SHORTEST_MAC = 8;

/**
 * `130****5678`
 * @internal Exported for tests.
 */
export function maskPhone(phone: string): string {
  if (phone.length < SHORTEST_PHONE) return HIDDEN;
  return `${phone.slice(0, 3)}${HIDDEN}${phone.slice(-4)}`;
}

/**
 * `a****@126.com`
 * @internal Exported for tests.
 */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 2 ? HIDDEN : `${email.slice(0, 1)}${HIDDEN}${email.slice(at)}`;
}

function maskMac(mac: string): string {
  return mac.length < SHORTEST_MAC ? HIDDEN : `${HIDDEN}${mac.slice(-4)}`;
}

const roleTexts: Readonly<Record<DeviceHolder['role'], LocalizedText>> = {
  owner: { 'zh-CN': '所有者', en: 'Owner' },
  admin: { 'zh-CN': '管理员', en: 'Administrator' },
  member: { 'zh-CN': '成员', en: 'Member' },
  unknown: { 'zh-CN': '其他用户', en: 'Other' },
};

/** Presents a holder, masked: recognisable only to those who know the number or the address. */
export function presentHolder(
  { role, phone, email }: DeviceHolder,
  language: Language,
): DeviceUser {
  return {
    role,
    label: roleTexts[role][language],
    phoneMasked: phone && maskPhone(phone),
    emailMasked: email && maskEmail(email),
  };
}

export function presentDevice(id: string, cardId: string | null, known: KnownDevice): Device {
  if (known.state === 'disabled') {
    return {
      id,
      cardId,
      status: 'disabled',
      online: null,
      product: null,
      activatedAt: null,
      macMasked: null,
    };
  }
  const { online, product, activatedAt, mac } = known.device;
  return {
    id,
    cardId,
    status: 'known',
    online,
    product,
    activatedAt: activatedAt === null ? null : rfc3339(activatedAt),
    macMasked: mac && maskMac(mac),
  };
}
