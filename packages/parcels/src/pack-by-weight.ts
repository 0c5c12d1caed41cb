import type { Parcel } from '@quartermaster/domain';

/** Units of one order line that are to be packed. `gramsPerUnit` may be 0 where the weight is not known. */
export type PackLine = { readonly lineId: string; readonly sku: string; readonly units: number; readonly gramsPerUnit: number };

export type Packing =
  | { readonly kind: 'packed'; readonly parcels: Parcel[] }
  /** One unit of these lines alone is heavier than a parcel may be. */
  | { readonly kind: 'too-heavy'; readonly lines: readonly PackLine[] };

/**
 * Packs lines into parcels of at most `maxGrams` by weight alone: unit by unit, the heaviest first (then in the order of the lines), each into the first parcel that has room.
 * The same lines give the same parcels; their items add up to the lines' units exactly, in the order of the lines. Sides are unknown (null), and a parcel without any known
 * weight counts 1 gram. Throws a `RangeError` for units or weights that are no whole numbers or negative.
 */
export function packByWeight(lines: readonly PackLine[], maxGrams: number): Packing {
  for (const line of lines) checkLine(line);
  if (!Number.isSafeInteger(maxGrams) || maxGrams <= 0) throw new RangeError(`not a weight limit: ${maxGrams}`);
  const wanted = lines.map((line, index) => ({ line, index })).filter(({ line }) => line.units > 0);
  const heavy = wanted.filter(({ line }) => line.gramsPerUnit > maxGrams).map(({ line }) => line);
  if (heavy.length > 0) return { kind: 'too-heavy', lines: heavy };

  const bins: Bin[] = [];
  const heaviestFirst = wanted.toSorted((a, b) => b.line.gramsPerUnit - a.line.gramsPerUnit || a.index - b.index);
  for (const { line, index } of heaviestFirst) place(bins, line, index, maxGrams);
  return { kind: 'packed', parcels: bins.map((bin, at) => parcelOf(bin, at + 1, lines)) };
}

type Bin = { grams: number; readonly unitsByLine: Map<number, number> };

/** Units of one line are alike, so the first parcel with room takes as many of them as fit: the same as one by one. */
function place(bins: Bin[], line: PackLine, index: number, maxGrams: number): void {
  let left = line.units;
  for (let at = 0; left > 0; at++) {
    const bin = bins[at] ?? { grams: 0, unitsByLine: new Map<number, number>() };
    if (at === bins.length) bins.push(bin);
    const room = line.gramsPerUnit === 0 ? left : Math.floor((maxGrams - bin.grams) / line.gramsPerUnit);
    const units = Math.min(left, room);
    if (units === 0) continue;
    bin.grams += units * line.gramsPerUnit;
    bin.unitsByLine.set(index, units);
    left -= units;
  }
}

function parcelOf(bin: Bin, number: number, lines: readonly PackLine[]): Parcel {
  const items = lines.flatMap((line, index) => {
    const units = bin.unitsByLine.get(index);
    return units === undefined ? [] : [{ lineId: line.lineId, sku: line.sku, units }];
  });
  return { number, grams: Math.max(1, bin.grams), millimetres: null, items };
}

function checkLine(line: PackLine): void {
  for (const figure of [line.units, line.gramsPerUnit]) {
    if (!Number.isSafeInteger(figure) || figure < 0)
      throw new RangeError(`line ${line.lineId} has a figure that cannot be packed: ${figure}`);
  }
}
