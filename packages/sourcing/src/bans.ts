import type { Compiled } from './compile.ts';

/** What may not carry an order; a field that is left out stands for any. */
export interface Ban {
  readonly node?: string | undefined;
  readonly service?: string | undefined;
}

/** The same by numbers. */
export interface NumberedBan {
  readonly node?: number;
  readonly service?: number;
}

/** Bans by order id, as pricing reads them; those of orders, nodes and services that the problem does not have are left out. */
export function numberedBans(
  { problem, nodeIndex, serviceIndex }: Compiled,
  bans: ReadonlyMap<string, readonly Ban[]>,
): ReadonlyMap<number, readonly NumberedBan[]> {
  const numbered = new Map<number, NumberedBan[]>();
  for (const [order, { id }] of problem.orders.entries()) {
    const own = bans.get(id)?.map(({ node, service }) => ({
      ...(node === undefined ? {} : { node: nodeIndex.get(node) ?? -1 }),
      ...(service === undefined ? {} : { service: serviceIndex.get(service) ?? -1 }),
    }));
    if (own !== undefined) numbered.set(order, own);
  }
  return numbered;
}

/** True where one of the bans is on the node, on the service, or on both together. */
export function isBanned<Id>(
  bans: readonly { readonly node?: Id | undefined; readonly service?: Id | undefined }[] | undefined,
  node: Id,
  service: Id,
): boolean {
  return bans?.some((ban) => (ban.node ?? node) === node && (ban.service ?? service) === service) === true;
}
