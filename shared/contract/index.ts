import { cardRoutes } from './cards';
import { deviceRoutes } from './devices';
import { internalRoutes } from './internal';
import { orderRoutes } from './orders';
import type { RequestOf, ResponseOf } from './route';
import { sessionRoutes } from './sessions';
import { supportRoutes } from './support';

/** Where every route of the contract lives. */
export const API_BASE = '/api/v1';

/** All routes clients call. */
export const contract = {
  ...sessionRoutes,
  ...cardRoutes,
  ...orderRoutes,
  ...deviceRoutes,
  ...supportRoutes,
  ...internalRoutes,
} as const;

export type Contract = typeof contract;
export type ContractKey = keyof Contract;
export type ApiRequest<Key extends ContractKey> = RequestOf<Contract[Key]>;
export type ApiResponse<Key extends ContractKey> = ResponseOf<Contract[Key]>;

export type { Card, Package } from './cards';
export type { Problem } from './common';
export type { Device, DeviceUser } from './devices';
export type { Order, PaymentParameters } from './orders';
export type { StaffRole } from './support';
