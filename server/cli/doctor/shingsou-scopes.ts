import { operations } from '../../platforms/shingsou/operations';
import type { OperationName } from '../../platforms/shingsou/operations';

/** What 旭宇 is used for, by the settings. */
export interface ShingsouUse {
  cards: boolean;
  payments: boolean;
  login: boolean;
}

const requiredOperations: Readonly<Record<keyof ShingsouUse, readonly OperationName[]>> = {
  cards: [
    ...(['flowCards', 'flowCardDetail', 'flowCardStatus', 'flowCardData'] as const),
    ...(['orders', 'createPayment', 'products', 'productCategories'] as const),
  ],
  payments: [
    ...(['createPayment', 'appletPay', 'queryPayment', 'closePayment'] as const),
    ...(['refund', 'queryRefund', 'downloadBill'] as const),
  ],
  login: ['code2session'],
};

/**
 * Whether a granted scope includes a permission (权限码表): `….all` covers what starts like it. ASSUMED: that of
 * 支付网关 covers 支付网关v2, which has no table of its own.
 */
function covers(scope: string, permission: string): boolean {
  if (scope === permission) return true;
  if (!scope.endsWith('.all')) return false;
  if (permission.startsWith(scope.slice(0, -'all'.length))) return true;
  return scope === 'iot.paymentservice.all' && permission.startsWith('iot.payment.');
}

/** The permissions that what is used needs and the scope, separated by spaces, does not include. */
export function missingPermissions(scope: string, use: ShingsouUse): string[] {
  const granted = scope.split(' ');
  const names = (['cards', 'payments', 'login'] as const).flatMap((part) =>
    use[part] ? requiredOperations[part] : [],
  );
  const wanted = new Set<string>(names.map((name) => operations[name].permission));
  return [...wanted].filter((permission) => !granted.some((scope) => covers(scope, permission)));
}
