/** Shopify's global id of a numeric one: `gid://shopify/Order/5500000000001`. */
export function gid(kind: string, id: number): string {
  return `gid://shopify/${kind}/${id}`;
}

/** The numeric id in a global id of that kind; NaN, which nothing has as its id, for any other text. */
export function idOf(kind: string, text: string): number {
  const prefix = `gid://shopify/${kind}/`;
  return text.startsWith(prefix) && /^\d+$/.test(text.slice(prefix.length)) ? Number(text.slice(prefix.length)) : Number.NaN;
}

/** Kind and numeric id of any global id. */
export function parseGid(text: string): { kind: string; id: number } | null {
  const match = /^gid:\/\/shopify\/(\w+)\/(\d+)/.exec(text);
  return match?.[1] === undefined || match[2] === undefined ? null : { kind: match[1], id: Number(match[2]) };
}
