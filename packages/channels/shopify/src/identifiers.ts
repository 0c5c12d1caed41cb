export type GidKind =
  | 'BulkOperation'
  | 'CalculatedLineItem'
  | 'Fulfillment'
  | 'FulfillmentOrder'
  | 'LineItem'
  | 'Location'
  | 'Order'
  | 'Return';

/** Shopify's global id of the numeric one that we use outside: `5500000000001` is `gid://shopify/Order/5500000000001`. A global id stays what it is. */
export function toGid(kind: GidKind, id: string): string {
  return id.startsWith('gid://') ? id : `gid://shopify/${kind}/${id}`;
}

/** The numeric id, as text, at the end of a global id: `gid://shopify/Order/5500000000001` is `5500000000001`. */
export function fromGid(gid: string): string {
  const slash = gid.lastIndexOf('/');
  return gid.slice(slash + 1).split('?')[0] ?? gid;
}

/** The one form of a shop's name: `acme` and `ACME.myshopify.com` are `acme.myshopify.com`. */
export function shopDomain(shop: string): string {
  const name = shop.toLowerCase();
  return name.includes('.') ? name : `${name}.myshopify.com`;
}
