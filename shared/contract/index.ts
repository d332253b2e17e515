import { cardRoutes } from './cards';
import { deviceRoutes } from './devices';
import { internalRoutes } from './internal';
import { orderRoutes } from './orders';
import { priceRoutes } from './prices';
import type { RequestOf, ResponseOf } from './route';
import { sessionRoutes } from './sessions';
import { supportRoutes } from './support';

/** The path below which all routes of the contract are served. */
export const API_BASE = '/api/v1';

/** All routes of the HTTP API, by key. */
export const contract = {
  ...sessionRoutes,
  ...cardRoutes,
  ...orderRoutes,
  ...deviceRoutes,
  ...supportRoutes,
  ...priceRoutes,
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
export type { StaffRole } from './staff-role';
