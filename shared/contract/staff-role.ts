/**
 * The roles of the staff, lowest first. Each may do everything that the roles before it may do. What a role
 * may do is declared by each route of the staff (`role`).
 */
export const staffRoles = ['agent', 'supervisor', 'admin'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** Whether a role may do what requires another one. */
export function hasRole(role: StaffRole, required: StaffRole): boolean {
  return staffRoles.indexOf(role) >= staffRoles.indexOf(required);
}
