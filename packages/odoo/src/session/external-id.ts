import type { ErpOrderKey, NodeId } from '@quartermaster/domain';

/** Module part of all our external ids: tells our records from those of Odoo's own modules. */
const moduleName = '__qm__';

/** External id of a channel order, `__qm__.<connection>_<order>_order`. A unique index of Odoo lets only one order have it. */
export function orderXid(key: ErpOrderKey): string {
  return xid(key.scope.connection, key.orderId, 'order');
}

/**
 * External id of the part of a channel order that is an order of its own, where Odoo has one order per warehouse. `node` is null for the lines that wait for one; no node's id is
 * empty, so the two are never the same.
 */
export function orderPartXid(key: ErpOrderKey, node: NodeId | null): string {
  return xid(key.scope.connection, key.orderId, 'order', node ?? '');
}

/** External id of a line of a channel order. `line` keeps a line that is called `order` apart from the order. */
export function lineXid(key: ErpOrderKey, lineId: string): string {
  return xid(key.scope.connection, key.orderId, 'line', lineId);
}

/** Id of the line draft that an external id of this order stands for, or null when it is no line of it. */
export function lineIdOf(key: ErpOrderKey, externalId: string): string | null {
  const prefix = `${xid(key.scope.connection, key.orderId, 'line')}_`;
  return externalId.startsWith(prefix) ? unescapePart(externalId.slice(prefix.length)) : null;
}

/** External id of the customer: one partner per subject of a connection. */
export function partnerXid(connection: string, subject: string): string {
  return xid(connection, subject, 'partner');
}

/** External id of the delivery address of one order; `version` tells a later address from the one that deliveries already went to. */
export function addressXid(key: ErpOrderKey, version?: string): string {
  return xid(key.scope.connection, key.orderId, 'address', ...(version === undefined ? [] : [version]));
}

/** External id of the invoice address of one order. */
export function billingXid(key: ErpOrderKey): string {
  return xid(key.scope.connection, key.orderId, 'billing');
}

/** External id of the delivery that an allocation makes; `allocation` is the same on every attempt. */
export function allocationXid(key: ErpOrderKey, allocation: string): string {
  return xid(key.scope.connection, key.orderId, 'allocation', allocation);
}

/** External id of the delivery in which lines wait that were taken back from a node; `deallocation` is the same on every attempt. */
export function deallocationXid(key: ErpOrderKey, deallocation: string): string {
  return xid(key.scope.connection, key.orderId, 'deallocation', deallocation);
}

/** External id of something that the set-up makes: two parts, where those of orders have three or more. */
export function setupXid(kind: string, id: string): string {
  return xid(kind, id);
}

/** Joins escaped parts by `_`. No two lists of parts give the same text, because an escaped part has no `_`. */
export function xid(...parts: readonly string[]): string {
  return `${moduleName}.${parts.map(escapePart).join('_')}`;
}

/** Module and name of an external id. */
export function partsOfXid(externalId: string): [module: string, name: string] {
  const point = externalId.indexOf('.');
  return [externalId.slice(0, point), externalId.slice(point + 1)];
}

/**
 * Letters and digits stay; every other UTF-16 unit becomes a dash and two hex digits, or two dashes and four where two are not enough: `gid://1 €` is `gid-3A-2F-2F1-20--20AC`.
 * Units rather than characters, so that half a surrogate pair survives too.
 */
export function escapePart(part: string): string {
  return part.replaceAll(/[^A-Za-z0-9]/g, (unit) => {
    const hex = unit.charCodeAt(0).toString(16).toUpperCase();
    return hex.length <= 2 ? `-${hex.padStart(2, '0')}` : `--${hex.padStart(4, '0')}`;
  });
}

/** The part that {@link escapePart} escaped. */
export function unescapePart(escaped: string): string {
  return escaped.replaceAll(/--([0-9A-F]{4})|-([0-9A-F]{2})/g, (_all, four: string | undefined, two: string | undefined) =>
    String.fromCharCode(Number.parseInt(four ?? two ?? '', 16)),
  );
}
