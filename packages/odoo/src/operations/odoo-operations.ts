import { systemClock } from '@quartermaster/connector-kit';
import type { Safety } from '@quartermaster/domain';
import type { OdooOptions } from '../client/client.ts';
import { sessions, type Session } from '../session/session.ts';
import { deliveries } from './deliveries.ts';
import { bind, type Bound, type Operations } from './operation.ts';

/** All groups of operations. */
const groups = { deliveries };

/** Typed operations on Odoo's documents; how each is kept from happening twice is declared in {@link operationSafety}. */
export type OdooOperations = { readonly [Group in keyof typeof groups]: Bound<(typeof groups)[Group]> };

/** Opens the operations; nothing is sent before the first call. */
export function odooOperations(options: OdooOptions): OdooOperations {
  return operationsOn(sessions(options, options.clock ?? systemClock).open);
}

/** The same on a connection that somebody else opened. */
export function operationsOn(open: () => Promise<Session>): OdooOperations {
  return { deliveries: bind(groups.deliveries, open) };
}

/** How each operation is kept from happening twice, by its name. */
export const operationSafety: Readonly<Record<string, Safety>> = Object.fromEntries(
  Object.values<Operations>(groups).flatMap((group) => Object.values(group).map(({ name, safety }) => [name, safety])),
);
