import { isRecord } from './guards';

/** WeChat's functions fail with `<function>:fail <reason>`, e.g. `scanCode:fail cancel`. */
function reasonOf(error: unknown): string {
  return isRecord(error) ? String(error.errMsg) : '';
}

/** Whether the user closed what WeChat had opened. */
export function isCancel(error: unknown): boolean {
  return reasonOf(error).includes('fail cancel');
}

/** Whether the user or the system has denied a permission, such as the camera. */
export function isPermissionDenied(error: unknown): boolean {
  return /auth|permission|denied|deny/i.test(reasonOf(error));
}
