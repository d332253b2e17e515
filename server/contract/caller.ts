import type { StaffRole } from '@shared/contract';
import type { Language } from '@shared/language';

/** A signed-in customer. */
export interface UserAuth {
  userId: string;
  openid: string;
  /** When the customer signed in for the first time, epoch ms. */
  createdAt: number;
}

/** A signed-in member of the staff. */
export interface StaffAuth {
  staffId: string;
  username: string;
  role: StaffRole;
}

/** One of the operator's other servers. They share one key and are not told apart. */
export interface ServiceAuth {
  service: true;
}

/** The caller by the audience of a route: a handler for customers cannot serve a staff route. */
export interface AuthByAudience {
  anyone: undefined;
  user: UserAuth;
  staff: StaffAuth;
  service: ServiceAuth;
}

/** A member of the staff and the request in which they read or change something, for the audit log. */
export interface Actor {
  auth: StaffAuth;
  requestId: string;
  language: Language;
}
