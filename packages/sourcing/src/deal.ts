import type { Numbers } from './compile.ts';
import type { ContestedSkus } from './contested.ts';

/** A round of a search in parts, and one of its parts: how orders are dealt depends on these numbers alone. */
export interface Deal {
  readonly round: number;
  readonly part: number;
  readonly parts: number;
}

/** By order: 1 where the part may begin with it. Orders go where one of their contested SKUs goes, and SKUs are dealt anew in each round: parts then seldom want the same units. */
export function startsOf(compiled: Numbers, contested: ContestedSkus, deal: Deal): Uint8Array {
  const starts = new Uint8Array(compiled.orderCount);
  for (let order = 0; order < compiled.orderCount; order++) {
    const first = compiled.lineStart[order]!;
    const lines = compiled.lineStart[order + 1]! - first;
    let sku = compiled.lineSku[first]!;
    for (let line = first; line < first + lines; line++) {
      sku = compiled.lineSku[first + ((line + dealt(deal.round, 1, order)) % lines)]!;
      if (contested.has(sku)) break;
    }
    if (isDealt(deal, sku)) starts[order] = 1;
  }
  return starts;
}

/** True where the SKU is dealt to the part. */
export function isDealt({ round, part, parts }: Deal, sku: number): boolean {
  return dealt(round, 0, sku) % parts === part;
}

/** A whole number that looks random: the finalizer of MurmurHash3 over the three. */
function dealt(round: number, kind: number, index: number): number {
  let mixed = Math.imul(round * 2 + kind + 1, 0x9e3779b1) ^ index;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
