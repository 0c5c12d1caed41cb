import { z } from 'zod';

/** Whose data it is. Every key begins with these three; `connection` is the stable id that the config gives once, never a name or a URL. */
export type Scope = { readonly tenant: string; readonly company: string; readonly connection: string };

export const scopeSchema = z.object({ tenant: z.string().min(1), company: z.string().min(1), connection: z.string().min(1) });

/** Id of a connection (a shop, an ERP, a carrier account) as the config names it. */
export type ConnectionId = string;
/** Id of a fulfilment node: a warehouse, a 3PL or a store. For an Odoo warehouse it is the warehouse's code. */
export type NodeId = string;
/** Stock keeping unit: Odoo's internal reference, the same on every channel. */
export type Sku = string;
/** Stands for a person wherever personal data must not appear; the data itself is in the journal's vault. */
export type SubjectId = string;

/** The one text form of a key: scope, kind and vendor id, each part percent-encoded so that no id can imitate a separator. */
export function keyText(scope: Scope, kind: string, ...ids: readonly string[]): string {
  return [scope.tenant, scope.company, scope.connection, kind, ...ids].map(encodeKeyPart).join('/');
}

/** Key of a channel order: `tenant/company/connection/order/vendorId`. */
export function orderKey(scope: Scope, vendorOrderId: string): string {
  return keyText(scope, 'order', vendorOrderId);
}

/**
 * Takes a key of {@link keyText} apart again. Throws a `RangeError` when the text is no such key. A text that only reads like one (`%61` for `a`) is none: one thing has one key.
 */
export function parseKey(text: string): { scope: Scope; kind: string; ids: string[] } {
  const [tenant, company, connection, kind, ...ids] = decodeKeyParts(text);
  if (tenant === undefined || company === undefined || connection === undefined || kind === undefined) throw noKey(text);
  const scope = { tenant, company, connection };
  if (keyText(scope, kind, ...ids) !== text) throw noKey(text);
  return { scope, kind, ids };
}

/** Percent-encoding; half of a surrogate pair, which has no UTF-8 form but can stand in an id that came as JSON, becomes `%uD83D`. */
function encodeKeyPart(part: string): string {
  if (part.isWellFormed()) return encodeURIComponent(part);
  return Array.from(part, (character) => (character.isWellFormed() ? encodeURIComponent(character) : halfPairText(character))).join('');
}

function halfPairText(character: string): string {
  return `%u${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function decodeKeyParts(text: string): string[] {
  try {
    return text.split('/').map((part) =>
      part
        .split(/(%u[0-9A-F]{4})/)
        .map((piece) => (piece.startsWith('%u') ? String.fromCharCode(Number.parseInt(piece.slice(2), 16)) : decodeURIComponent(piece)))
        .join(''),
    );
  } catch {
    throw noKey(text);
  }
}

function noKey(text: string): RangeError {
  return new RangeError(`not a key: ${JSON.stringify(text)}`);
}
