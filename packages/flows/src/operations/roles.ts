import { z } from 'zod';

/** Who may do what on a running system, each more than the one before: look, mend, decide against the program, change the system. */
export const roles = ['viewer', 'operator', 'supervisor', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Whether a role may do what another one is needed for. */
export function mayAct(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}
