/**
 * What a label is known by here. `shipment`: of the Shipping API, with the ISO day on which DHL closes it at the latest (`2026-11-23/00340434161094015902`), because whether one was given back can
 * be told from the manifest of that day alone. `return`: of the Returns API, which knows no way back (`return/999991587211`).
 */
export type DhlRef =
  | { readonly kind: 'shipment'; readonly number: string; readonly closesOn: string }
  | { readonly kind: 'return'; readonly number: string };

export function refText(ref: DhlRef): string {
  return ref.kind === 'return' ? `return/${ref.number}` : `${ref.closesOn}/${ref.number}`;
}

/** Null for a text that no label of ours has. */
export function refOf(text: string): DhlRef | null {
  const [, mark = '', number = ''] = /^(return|\d{4}-\d\d-\d\d)\/(\w+)$/.exec(text) ?? [];
  if (number === '') return null;
  return mark === 'return' ? { kind: 'return', number } : { kind: 'shipment', number, closesOn: mark };
}
