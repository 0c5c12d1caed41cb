import type { Sku } from '@quartermaster/domain';

/** How a SKU that nobody knows may have been meant: without spaces around it, in capitals, without separators, without leading zeros. To be asked of the ERP. */
export function spellingsOf(sku: Sku): Sku[] {
  const trimmed = sku.trim();
  const bare = trimmed.replaceAll(/[\s._/-]/g, '');
  const spellings = [trimmed, trimmed.toUpperCase(), trimmed.toLowerCase(), bare, bare.toUpperCase(), trimmed.replace(/^0+(?=.)/, '')];
  return [...new Set(spellings)].filter((each) => each !== sku && each !== '');
}

/** Those of the known SKUs that are most like one that is not known, at most three, the likest first, of equal ones by id; empty when none is like it. */
export function similarSkus(sku: Sku, known: Iterable<Sku>): Sku[] {
  const wanted = bareOf(sku);
  const most = wanted.length < 5 ? 1 : 2;
  const found: { readonly sku: Sku; readonly apart: number }[] = [];
  for (const each of known) {
    const bare = bareOf(each);
    if (Math.abs(bare.length - wanted.length) > most) continue;
    const apart = distance(wanted, bare, most);
    if (apart <= most) found.push({ sku: each, apart });
  }
  return found
    .sort((one, other) => one.apart - other.apart || (one.sku < other.sku ? -1 : 1))
    .slice(0, 3)
    .map((each) => each.sku);
}

function bareOf(sku: Sku): string {
  return sku
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replace(/^0+(?=.)/, '');
}

/** How many letters were left out, added, changed or swapped with their neighbour (optimal string alignment); anything above `most` is only more than that. */
function distance(one: string, other: string, most: number): number {
  let twoBack: number[] = [];
  let back = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const line = [row];
    for (let column = 1; column <= other.length; column++) {
      const changed = (back[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const swapped =
        one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1] ? (twoBack[column - 2] ?? Infinity) + 1 : Infinity;
      line.push(Math.min(changed, swapped, (back[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    if (Math.min(...line) > most) return most + 1;
    [twoBack, back] = [back, line];
  }
  return back[other.length] ?? 0;
}
