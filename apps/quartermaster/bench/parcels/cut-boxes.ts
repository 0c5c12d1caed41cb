import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fillBox, waysToLie, type Placement, type Sides } from '@quartermaster/parcels';
import { cutBox } from '@quartermaster/parcels/testing';

const box: Sides = [300, 200, 200];
const cases = 200;

/** Packs pieces into the box, or says null; and where they lie, for the check. */
type Packer = (pieces: readonly Sides[]) => readonly Pick<Placement, 'at' | 'sides'>[] | null;

const ours: Packer = (pieces) =>
  fillBox(
    box,
    pieces.map((piece) => ({ units: 1, lies: waysToLie(piece, 'any'), fragile: false })),
  );

/**
 * A box of 300 x 200 x 200 mm cut into pieces, so that a packing exists, with all sides made smaller by some percent: how many of 200 are packed into one box, and the CPU time of each. Every packing
 * is checked. Returns lines, and whether the bars hold that are set at 5 %.
 */
export function cutBoxes(firstSeed: number, peer: Packer | null): { readonly lines: string[]; readonly reached: boolean } {
  const lines = [
    '| cut | slack | pieces | packed | median ms | p90 ms | longest ms | binpackingjs packed | its median ms |',
    '|---|---|---|---|---|---|---|---|---|',
  ];
  let reached = true;
  for (const which of ['any', 'largest'] as const)
    for (const slack of [0, 5, 15])
      for (const pieces of [3, 5, 8, 15]) {
        const given = Array.from({ length: cases }, (_, index) => cutBox(firstSeed + index, box, pieces, slack, which));
        const own = measure(ours, given);
        const theirs = peer === null ? null : measure(peer, given);
        const bar = slack === 5 && pieces === 8 ? 190 : slack === 5 && pieces === 15 ? 120 : 0;
        if (own.packed < bar || own.wrong > 0 || (pieces === 15 && slack === 5 && own.at(0.5) >= 5)) reached = false;
        const beside =
          theirs === null
            ? ['-', '-']
            : [`${theirs.packed}${theirs.wrong > 0 ? `, ${theirs.wrong} wrong` : ''}`, theirs.at(0.5).toFixed(2)];
        const times = [own.at(0.5), own.at(0.9), own.at(1)].map((ms) => ms.toFixed(2));
        const packed = `${own.packed}${own.wrong > 0 ? `, ${own.wrong} WRONG` : ''}`;
        lines.push(`| ${[which, `${slack} %`, pieces, packed, ...times, ...beside].join(' | ')} |`);
      }
  return { lines, reached };
}

function measure(pack: Packer, given: readonly Sides[][]): { packed: number; wrong: number; at: (share: number) => number } {
  let packed = 0;
  let wrong = 0;
  const times: number[] = [];
  for (const pieces of given) {
    const start = process.cpuUsage();
    const places = pack(pieces);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1_000);
    if (places === null) continue;
    packed++;
    if (!isRight(pieces, places)) wrong++;
  }
  const sorted = times.sort((one, other) => one - other);
  return { packed, wrong, at: (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN };
}

function isRight(pieces: readonly Sides[], places: readonly Pick<Placement, 'at' | 'sides'>[]): boolean {
  const names = (list: readonly Sides[]) =>
    list
      .map((sides) => sides.toSorted((one, other) => one - other).join())
      .sort()
      .join(' ');
  const axes = [0, 1, 2] as const;
  return (
    names(pieces) === names(places.map(({ sides }) => sides)) &&
    places.every(({ at, sides }) => axes.every((axis) => at[axis] >= 0 && at[axis] + sides[axis] <= box[axis])) &&
    places.every((one, index) =>
      places
        .slice(index + 1)
        .every((other) =>
          axes.some((axis) => one.at[axis] + one.sides[axis] <= other.at[axis] || other.at[axis] + other.sides[axis] <= one.at[axis]),
        ),
    )
  );
}

/** `binpackingjs` from its unpacked folder; null when it is not there. */
export async function binpackingjs(folder: string | undefined): Promise<Packer | null> {
  if (folder === undefined) return null;
  const loaded: unknown = await import(pathToFileURL(join(folder, 'dist/esm/3d/index.js')).href);
  if (!hasPack3D(loaded)) throw new Error(`${folder} has no pack3D`);
  const bin = { name: 'box', width: box[0], height: box[1], depth: box[2], maxWeight: 1_000_000 };
  return (pieces) => {
    const items = pieces.map(([width, height, depth], index) => ({ name: `${index}`, width, height, depth, weight: 1 }));
    const { packedBins, unfitItems } = loaded.pack3D({ bins: [bin], items });
    const [first] = packedBins;
    if (unfitItems.length > 0 || first === undefined) return null;
    return first.items.map(({ position, dimension }) => ({
      at: position,
      sides: dimension,
    }));
  };
}

type Pack3D = (options: object) => {
  packedBins: { items: { position: Sides; dimension: Sides }[] }[];
  unfitItems: unknown[];
};

function hasPack3D(value: unknown): value is { pack3D: Pack3D } {
  return typeof value === 'object' && value !== null && 'pack3D' in value && typeof value.pack3D === 'function';
}
